"""
moto's server, taught the resource type that CDK's TableV2 makes and that moto's CloudFormation does not know.

python moto_server.py -p PORT
"""

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


if __name__ == "__main__":
    main()
