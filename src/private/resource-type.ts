import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Whether a construct is the CloudFormation resource of a type; by its type and not its class, of which an app can have two copies. */
export function isResourceOfType(type: string, construct: IConstruct | undefined): construct is CfnResource {
  return construct !== undefined && CfnResource.isCfnResource(construct) && construct.cfnResourceType === type;
}
