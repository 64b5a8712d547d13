"""
moto's server, taught the resource types that its CloudFormation does not know: the one of CDK's TableV2, those of an HTTP API,
and function URLs.

python moto_server.py -p PORT
"""

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import lambda_backends
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models.table import Table
from moto.server import main


class GlobalTable(CloudFormationModel):
    """AWS::DynamoDB::GlobalTable with one replica; the table itself is moto's own. It is never updated here."""

    # moto derives the service that a model belongs to from the name of its module.
    __module__ = Table.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::DynamoDB::GlobalTable"

    @staticmethod
    def cloudformation_name_type():
        return Table.cloudformation_name_type()

    @classmethod
    def has_cfn_attr(cls, attr):
        return Table.has_cfn_attr(attr)

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        table = Table.create_from_cloudformation_json(resource_name, cloudformation_json, account_id, region_name, **kwargs)
        time_to_live = cloudformation_json["Properties"].get("TimeToLiveSpecification")
        if time_to_live and time_to_live["Enabled"] in (True, "true"):
            table.ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": time_to_live["AttributeName"]}
        return table

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        Table.delete_from_cloudformation_json(resource_name, cloudformation_json, account_id, region_name)


def lower_first(value):
    """Properties of CloudFormation under the names of the API."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: lower_first(each) for name, each in value.items()}
    return value


class PartOfHttpApi:
    """A resource that is kept by moto's own backend of API Gateway. None is ever updated here."""

    # moto derives the service that a model belongs to from the name of its module.
    __module__ = "moto.apigatewayv2.models"

    def __init__(self, physical_resource_id, attributes=None):
        self.physical_resource_id = physical_resource_id
        self.attributes = attributes or {}

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in ("ApiEndpoint", "ApiId", "IntegrationId", "RouteId")

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        backend = apigatewayv2_backends[account_id][region_name]
        return cls.create(backend, lower_first(cloudformation_json["Properties"]))

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        """With its API."""


class HttpApi(PartOfHttpApi, CloudFormationModel):
    __module__ = PartOfHttpApi.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::ApiGatewayV2::Api"

    @classmethod
    def create(cls, backend, properties):
        names = [
            "api_key_selection_expression", "description", "disable_schema_validation", "disable_execute_api_endpoint",
            "route_selection_expression", "version",
        ]
        api = backend.create_api(
            name=properties["name"], protocol_type=properties["protocolType"], tags={},
            cors_configuration=properties.get("corsConfiguration"), **dict.fromkeys(names),
        )
        return cls(api.api_id, {"ApiId": api.api_id, "ApiEndpoint": api.api_endpoint})

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        apigatewayv2_backends[account_id][region_name].delete_api(resource_name)


class HttpIntegration(PartOfHttpApi, CloudFormationModel):
    __module__ = PartOfHttpApi.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::ApiGatewayV2::Integration"

    @classmethod
    def create(cls, backend, properties):
        names = [
            "connection_id", "connection_type", "content_handling_strategy", "credentials_arn", "description", "integration_method",
            "integration_subtype", "passthrough_behavior", "request_parameters", "request_templates", "response_parameters",
            "template_selection_expression", "timeout_in_millis", "tls_config",
        ]
        integration = backend.create_integration(
            api_id=properties["apiId"], integration_type=properties["integrationType"], integration_uri=properties["integrationUri"],
            payload_format_version=properties["payloadFormatVersion"], **dict.fromkeys(names),
        )
        return cls(integration.id, {"IntegrationId": integration.id})


class HttpRoute(PartOfHttpApi, CloudFormationModel):
    __module__ = PartOfHttpApi.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::ApiGatewayV2::Route"

    @classmethod
    def create(cls, backend, properties):
        names = [
            "api_key_required", "authorization_scopes", "authorizer_id", "model_selection_expression", "operation_name", "request_models",
            "request_parameters", "route_response_selection_expression",
        ]
        route = backend.create_route(
            api_id=properties["apiId"], route_key=properties["routeKey"], target=properties["target"],
            authorization_type=properties.get("authorizationType"), **dict.fromkeys(names),
        )
        return cls(route.route_id, {"RouteId": route.route_id})


class HttpStage(PartOfHttpApi, CloudFormationModel):
    __module__ = PartOfHttpApi.__module__

    @staticmethod
    def cloudformation_type():
        return "AWS::ApiGatewayV2::Stage"

    @classmethod
    def create(cls, backend, properties):
        return cls(backend.create_stage(properties["apiId"], properties).name)


class FunctionUrl(CloudFormationModel):
    """AWS::Lambda::Url; the URL itself is moto's own. It is never updated here."""

    __module__ = "moto.awslambda.models"

    def __init__(self, config):
        self.config = config

    @property
    def physical_resource_id(self):
        return self.config.function.function_arn

    @staticmethod
    def cloudformation_type():
        return "AWS::Lambda::Url"

    @staticmethod
    def cloudformation_name_type():
        return None

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in ("FunctionArn", "FunctionUrl")

    def get_cfn_attribute(self, attribute_name):
        return self.config.to_dict()[attribute_name]

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        backend = lambda_backends[account_id][region_name]
        return cls(backend.create_function_url_config(properties["TargetFunctionArn"], properties))

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        backend = lambda_backends[account_id][region_name]
        if resource_name in (fn.function_arn for fn in backend.list_functions()):
            backend.delete_function_url_config(resource_name)


if __name__ == "__main__":
    main()
