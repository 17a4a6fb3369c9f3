import { ignore, type Handlers } from './handlers.ts';

const governance = ignore(
  'roles and delays of the operator are read from the chain: no bill depends on them',
);

export const accessManager: Handlers<'accessManager'> = {
  OperationCanceled: governance,
  OperationExecuted: governance,
  OperationScheduled: governance,
  RoleAdminChanged: governance,
  RoleGrantDelayChanged: governance,
  RoleGranted: governance,
  RoleGuardianChanged: governance,
  RoleLabel: governance,
  RoleRevoked: governance,
  TargetAdminDelayUpdated: governance,
  TargetClosed: governance,
  TargetFunctionRoleUpdated: governance,
};
