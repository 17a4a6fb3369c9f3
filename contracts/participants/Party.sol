// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @notice A member as its counterparties see it, in one word, so that asking costs no more than the answer.
 *
 * ```text
 *  255          95          63         47           39  0
 *  | account 160 | number 32 | roles 16 | standing 8 | 0 |
 * ```
 */
type Party is uint256;

using {account, number, hasRole, standing} for Party global;

function newParty(address account_, uint32 number_, uint16 roles_, bool standing_) pure returns (Party) {
    return
        Party.wrap(
            (uint256(uint160(account_)) << 96) |
                (uint256(number_) << 64) |
                (uint256(roles_) << 48) |
                (standing_ ? 1 << 40 : 0)
        );
}

function account(Party p) pure returns (address) {
    return address(uint160(Party.unwrap(p) >> 96));
}

function number(Party p) pure returns (uint32) {
    return uint32(Party.unwrap(p) >> 64);
}

function hasRole(Party p, uint16 role) pure returns (bool) {
    return uint16(Party.unwrap(p) >> 48) & role != 0;
}

/// @dev Whether it has given a standing acceptance.
function standing(Party p) pure returns (bool) {
    return uint8(Party.unwrap(p) >> 40) != 0;
}
