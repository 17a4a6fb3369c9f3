// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ICallReader} from "./ICallReader.sol";
import {IOrgAccount} from "./IOrgAccount.sol";
import {OrgAccount} from "./OrgAccount.sol";

/**
 * @title OrgAccountFactory
 * @notice Makes firms' accounts. The address follows from the first policy, so anybody may make it and nobody can make
 * another in its place.
 */
contract OrgAccountFactory {
    event AccountCreated(address indexed account, IOrgAccount.Policy policy);

    /// @notice The implementation that all accounts are clones of.
    address public immutable implementation;

    constructor(ICallReader reader) {
        implementation = address(new OrgAccount(reader));
    }

    /// @notice Makes the account with this policy and returns its address; one that exists is returned as it is.
    function create(IOrgAccount.Policy calldata policy, bytes32 salt) external returns (address account) {
        account = addressOf(policy, salt);
        if (account.code.length != 0) return account;
        Clones.cloneDeterministic(implementation, _salt(policy, salt));
        OrgAccount(account).initialize(policy);
        emit AccountCreated(account, policy);
    }

    /// @notice Where the account with this first policy is or will be.
    function addressOf(IOrgAccount.Policy calldata policy, bytes32 salt) public view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _salt(policy, salt));
    }

    function _salt(IOrgAccount.Policy calldata policy, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(policy, salt));
    }
}
