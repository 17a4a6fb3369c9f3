// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Member} from "./Member.sol";

uint16 constant CORE_ENTERPRISE = 1;
uint16 constant SUPPLIER = 2;
uint16 constant BANK = 4;
uint16 constant GUARANTOR = 8;
uint16 constant REGULATOR = 16;
uint16 constant WAREHOUSE = 32;
/// @dev Issues and redeems tokenised deposits.
uint16 constant SETTLEMENT_BANK = 64;

/**
 * @title IParticipants
 * @notice The members of the network: who an account is, whether it may act, in which roles.
 *
 * A member is a number that never changes; the account behind it can be moved by the member alone. The operator admits,
 * suspends and restores, and can do nothing in a member's name.
 */
interface IParticipants {
    /// @notice A member was admitted. `identityHash` is the hash of its identity file; no name is on chain.
    event MemberAdmitted(
        uint32 indexed number,
        address indexed account,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 identityHash
    );
    event MemberSuspended(uint32 indexed number, bytes32 reasonHash);
    event MemberRestored(uint32 indexed number, bytes32 reasonHash);
    event MemberRenewed(uint32 indexed number, uint16 roles, uint40 credentialExpiry);
    event AccountMoved(uint32 indexed number, address indexed from, address indexed to);
    event StandingAcceptanceSet(uint32 indexed number, bool standing);

    /// @dev No member has this account.
    error ParticipantsUnknownAccount(address account);
    /// @dev No member has this number.
    error ParticipantsUnknownMember(uint32 number);
    /// @dev The member is suspended or its credential has expired.
    error ParticipantsNotActive(uint32 number);
    /// @dev The account is a member's already.
    error ParticipantsAccountTaken(address account);
    error ParticipantsInvalidAccount(address account);
    /// @dev Suspending the suspended or restoring the active.
    error ParticipantsStatusUnchanged(uint32 number);

    /// @notice Admits `account` as a new member and returns its number. Operator only.
    /// @param credentialExpiry Instant from which the member counts as inactive; 0 for none.
    function admit(
        address account,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 identityHash
    ) external returns (uint32 number);

    /// @notice Stops a member from acting, by reasoned order (`reasonHash`). It is still paid what it is owed. Operator only.
    function suspend(uint32 number, bytes32 reasonHash) external;

    /// @notice Lets a suspended member act again. Operator only.
    function restore(uint32 number, bytes32 reasonHash) external;

    /// @notice Sets roles and expiry after a new check of the member's credential. Operator only.
    function renew(uint32 number, uint16 roles, uint40 credentialExpiry) external;

    /// @notice The calling member moves to another account. Only the member itself can. It needs no consent of `to`: who holds
    /// that account is given all that the member has, must do nothing for it, and can move it on.
    function moveAccount(address to) external;

    /// @notice The calling member gives or withdraws its standing acceptance: offers to it then complete in one step.
    function setStandingAcceptance(bool standing) external;

    /// @notice The active member behind `account`; reverts if there is none or it is not active.
    function actor(address account) external view returns (uint32 number, uint16 roles);

    /// @notice The active member behind `account` and the active member `other`, checked in the order: both known, then
    /// `account`'s active, then `other` active.
    function pair(address account, uint32 other) external view returns (Member, Member);

    /// @notice The account of a member, active or not; reverts if there is no such member.
    function accountOf(uint32 number) external view returns (address);

    /// @notice The member number of an account, active or not; 0 if it is nobody's.
    function numberOf(address account) external view returns (uint32);

    /// @notice All that is stored of a member.
    function member(
        uint32 number
    )
        external
        view
        returns (address account, uint16 roles, bool suspended, bool standing, uint40 credentialExpiry);

    /// @notice How many members have been admitted; numbers run from 1.
    function memberCount() external view returns (uint32);
}
