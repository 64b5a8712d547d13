import io.github.cdksessiontable.SessionFunction;
import io.github.cdksessiontable.SessionTable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;

public class SessionsApp {
    public static void main(String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "JavaExample");
        Function chat = Function.Builder.create(stack, "Chat")
            .runtime(Runtime.PYTHON_3_12).handler("index.handler").code(Code.fromInline("def handler(event, context): pass")).build();

        SessionTable sessions = new SessionTable(stack);
        sessions.attach(chat);
        SessionFunction.Builder.create(stack, "Counter").sessionTable(sessions).entry(args[0]).build();

        app.synth();
    }
}
