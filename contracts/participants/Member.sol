// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @notice A member, in one storage slot: all that an act must know of who does it and of its counterparty.
 *
 * ```text
 *  255          95          63         47        39                    0
 *  | account 160 | number 32 | roles 16 | flags 8 | credentialExpiry 40 |
 * ```
 *
 * - `credentialExpiry`: the instant from which the member counts as inactive; 0 for none.
 */
type Member is uint256;

using {
    account,
    number,
    roles,
    hasRole,
    isSuspended,
    isStanding,
    isLimited,
    credentialExpiry,
    exists,
    isActive,
    withAccount,
    withRoles,
    withSuspended,
    withStanding
} for Member global;

uint256 constant SUSPENDED = 1 << 40;
/// @dev It has given a standing acceptance.
uint256 constant STANDING = 1 << 41;
/// @dev That has limits: only then is it worth asking for them.
uint256 constant LIMITED = 1 << 42;

function newMember(
    address account_,
    uint32 number_,
    uint16 roles_,
    uint40 credentialExpiry_
) pure returns (Member) {
    return
        Member.wrap(
            (uint256(uint160(account_)) << 96) |
                (uint256(number_) << 64) |
                (uint256(roles_) << 48) |
                credentialExpiry_
        );
}

function account(Member m) pure returns (address) {
    return address(uint160(Member.unwrap(m) >> 96));
}

function number(Member m) pure returns (uint32) {
    return uint32(Member.unwrap(m) >> 64);
}

function roles(Member m) pure returns (uint16) {
    return uint16(Member.unwrap(m) >> 48);
}

function hasRole(Member m, uint16 role) pure returns (bool) {
    return roles(m) & role != 0;
}

function isSuspended(Member m) pure returns (bool) {
    return Member.unwrap(m) & SUSPENDED != 0;
}

function isStanding(Member m) pure returns (bool) {
    return Member.unwrap(m) & STANDING != 0;
}

function isLimited(Member m) pure returns (bool) {
    return Member.unwrap(m) & LIMITED != 0;
}

function credentialExpiry(Member m) pure returns (uint40) {
    return uint40(Member.unwrap(m));
}

function exists(Member m) pure returns (bool) {
    return Member.unwrap(m) != 0;
}

function isActive(Member m) view returns (bool) {
    uint40 expiry = credentialExpiry(m);
    return !isSuspended(m) && (expiry == 0 || block.timestamp < expiry);
}

function withAccount(Member m, address account_) pure returns (Member) {
    return Member.wrap(uint256(uint96(Member.unwrap(m))) | (uint256(uint160(account_)) << 96));
}

function withRoles(Member m, uint16 roles_, uint40 credentialExpiry_) pure returns (Member) {
    uint256 kept = Member.unwrap(m) & ~((uint256(type(uint16).max) << 48) | type(uint40).max);
    return Member.wrap(kept | (uint256(roles_) << 48) | credentialExpiry_);
}

function withSuspended(Member m, bool suspended) pure returns (Member) {
    return Member.wrap(suspended ? Member.unwrap(m) | SUSPENDED : Member.unwrap(m) & ~SUSPENDED);
}

function withStanding(Member m, bool standing, bool limited) pure returns (Member) {
    uint256 kept = Member.unwrap(m) & ~(STANDING | LIMITED);
    return Member.wrap(kept | (standing ? STANDING : 0) | (limited ? LIMITED : 0));
}
