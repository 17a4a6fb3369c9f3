// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {OrgAccount} from "./OrgAccount.sol";

/**
 * @title OrgAccountFactory
 * @notice Makes firms' accounts. The address follows from the first signers, so anybody may make it and nobody can make
 * another in its place.
 */
contract OrgAccountFactory {
    event AccountCreated(address indexed account, bytes[] signers, uint64[] weights, uint64 threshold);

    /// @notice The implementation that all accounts are clones of.
    address public immutable implementation = address(new OrgAccount());

    /// @notice Makes the account of these signers and returns its address; one that exists is returned as it is.
    function create(
        bytes[] calldata signers,
        uint64[] calldata weights,
        uint64 threshold,
        bytes32 salt
    ) external returns (address account) {
        account = addressOf(signers, weights, threshold, salt);
        if (account.code.length != 0) return account;
        Clones.cloneDeterministic(implementation, _salt(signers, weights, threshold, salt));
        OrgAccount(account).initialize(signers, weights, threshold);
        emit AccountCreated(account, signers, weights, threshold);
    }

    /// @notice Where the account of these signers is or will be.
    function addressOf(
        bytes[] calldata signers,
        uint64[] calldata weights,
        uint64 threshold,
        bytes32 salt
    ) public view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _salt(signers, weights, threshold, salt));
    }

    function _salt(
        bytes[] calldata signers,
        uint64[] calldata weights,
        uint64 threshold,
        bytes32 salt
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(signers, weights, threshold, salt));
    }
}
