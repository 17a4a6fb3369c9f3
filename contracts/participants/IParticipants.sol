// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

uint16 constant CORE_ENTERPRISE = 1;
uint16 constant SUPPLIER = 2;
uint16 constant BANK = 4;
uint16 constant GUARANTOR = 8;
uint16 constant REGULATOR = 16;
uint16 constant WAREHOUSE = 32;
/// @dev Issues and redeems tokenised deposits.
uint16 constant SETTLEMENT_BANK = 64;
/// @dev Roles that buy, make money or see all: governance gives them, with delay.
uint16 constant PRIVILEGED = BANK | REGULATOR | SETTLEMENT_BANK;
/// @dev Roles that the operator gives. A bit that means nothing today is nobody's to give.
uint16 constant ORDINARY = CORE_ENTERPRISE | SUPPLIER | GUARANTOR | WAREHOUSE;

/**
 * @title IParticipants
 * @notice The members of the network: how one comes in, in which roles, and what may be changed of it.
 *
 * A member is a number that never changes; the account behind it is moved by the member, with the consent of the
 * new one, or, when its keys are lost, as {IRecoveries} says. The operator admits, suspends and restores, and can do nothing in a member's name; roles that make or move money or
 * see all are given by governance, with delay.
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
    /// @notice Roles and expiry are now these; `reasonHash` where something was taken away.
    event MemberRenewed(uint32 indexed number, uint16 roles, uint40 credentialExpiry, bytes32 reasonHash);
    /// @notice The member would move to `to`, which has not consented yet.
    event AccountMoveOffered(uint32 indexed number, address indexed to);
    /// @notice The member is at `to` now. An offer to move and proposals of a recovery are void.
    event AccountMoved(uint32 indexed number, address indexed from, address indexed to);
    /// @notice `acceptor`, `counterparty`, `least` and `until` limit the standing acceptance; 0 is open.
    event StandingAcceptanceSet(
        uint32 indexed number,
        bool standing,
        uint32 acceptor,
        uint32 counterparty,
        uint56 least,
        uint40 until
    );

    /// @dev The account is a member's already.
    error ParticipantsAccountTaken(address account);
    /// @dev Nobody's account: zero, or a contract of the platform.
    error ParticipantsInvalidAccount(address account);
    /// @dev The member does not move to this account.
    error ParticipantsMoveNotOffered(uint32 number, address to);
    /// @dev Roles that only governance gives, or (for governance) such as the operator gives.
    error ParticipantsWrongRoles(uint16 roles);
    /// @dev What takes something from a member needs a reason.
    error ParticipantsReasonMissing(uint32 number);
    /// @dev Suspending the suspended or restoring the active.
    error ParticipantsStatusUnchanged(uint32 number);

    /// @notice Admits `account` as a new member and returns its number; none of the {PRIVILEGED} roles. Operator only.
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

    /// @notice Sets roles, without the {PRIVILEGED} ones, which stay as they are, and expiry after a new check of the member's
    /// credential; a suspension stays. A role taken away or an expiry in the past needs a `reasonHash`. Operator only.
    function renew(uint32 number, uint16 roles, uint40 credentialExpiry, bytes32 reasonHash) external;

    /// @notice Sets the {PRIVILEGED} roles of a member; its other roles stay as they are. Governance only, with delay.
    function setPrivileges(uint32 number, uint16 roles) external;

    /// @notice The calling member offers to move to another account; a later call replaces it, zero takes it back. It has moved
    /// when `to` has called {acceptAccount}.
    function moveAccount(address to) external;

    /// @notice The calling account becomes that of the member, which offered to move to it; the member's deposits go along.
    /// Allowances and signatures of the old account are worth nothing afterwards.
    function acceptAccount(uint32 number) external;

    /// @notice The calling member gives, limits or withdraws its standing acceptance: offers to it that it covers then complete in
    /// one step.
    /// @param acceptor Only paper of this acceptor; 0 for any.
    /// @param counterparty Only from this member; 0 from any.
    /// @param least Only pieces of so many minor units or more.
    /// @param until Instant from which it covers nothing; 0 for no end.
    function setStandingAcceptance(
        bool standing,
        uint32 acceptor,
        uint32 counterparty,
        uint56 least,
        uint40 until
    ) external;

    /// @notice All that is stored of a member.
    function member(
        uint32 number
    )
        external
        view
        returns (address account, uint16 roles, bool suspended, bool standing, uint40 credentialExpiry);

    /// @notice The limits of a member's standing acceptance, whether it stands or not.
    function standingLimits(
        uint32 number
    ) external view returns (uint32 acceptor, uint32 counterparty, uint56 least, uint40 until);

    /// @notice How many members have been admitted; numbers run from 1.
    function memberCount() external view returns (uint32);
}
