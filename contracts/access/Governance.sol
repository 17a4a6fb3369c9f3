// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/**
 * @title Governance
 * @notice Who may call which function of the platform, after which delay.
 *
 * ADMIN is a timelock, at which several people propose and which a guardian, held by others, can stop: {AccessManager} knows
 * no guardian of ADMIN. Roles are given and taken only by their admin, with its delay: a stolen key can give nothing away, and
 * cannot leave the platform without an operator either.
 *
 * ENROLMENT gives and takes the role of the operator. The platform begins with it on a key that lies in a file: with it that key
 * makes people the operator, once, and gives both up. The timelock has it too, and keeps it.
 */
contract Governance is AccessManager {
    error GovernanceRenouncing(uint64 roleId);

    /// @notice The role that gives and takes the operator's, and the only one that its holder may give up.
    uint64 public constant ENROLMENT = 5;

    constructor(address admin) AccessManager(admin) {}

    /// @notice Refused but for ENROLMENT: who would give another role back asks its admin to revoke it.
    function renounceRole(uint64 roleId, address callerConfirmation) public override {
        require(roleId == ENROLMENT, GovernanceRenouncing(roleId));
        super.renounceRole(roleId, callerConfirmation);
    }
}
