import { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Whether a construct is the CloudFormation resource of a type; checks the type, because an app can have two copies of the class. */
export function isResourceOfType(type: string, construct: IConstruct | undefined): construct is CfnResource {
  return construct !== undefined && CfnResource.isCfnResource(construct) && construct.cfnResourceType === type;
}
