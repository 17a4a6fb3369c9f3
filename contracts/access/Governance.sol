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
 */
contract Governance is AccessManager {
    error GovernanceRenouncing(uint64 roleId);

    constructor(address admin) AccessManager(admin) {}

    /// @notice Refused: who would give a role back asks its admin to revoke it.
    function renounceRole(uint64 roleId, address) public pure override {
        revert GovernanceRenouncing(roleId);
    }
}
