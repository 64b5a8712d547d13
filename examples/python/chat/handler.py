from session_lambda import get_session_data, session, set_session_data


@session(update=True, ttl=15 * 60)
def handler(event, context):
    visits = (get_session_data() or 0) + 1
    set_session_data(visits)
    return {"statusCode": 200, "headers": {}, "body": f"{visits} visits, greeted by Python"}
