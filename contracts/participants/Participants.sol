// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipants} from "./IParticipants.sol";
import {Member, newMember} from "./Member.sol";

/**
 * @title Participants
 * @notice See {IParticipants}. A part of the ledger of bills: every act asks here who does it, and asking another contract
 * would cost more than the answer.
 * @dev The same word is kept twice, by account and by number, and only {_write} writes it. Members change rarely and act
 * often.
 */
abstract contract Participants is IParticipants, AccessManaged {
    mapping(address account => Member) private _byAccount;
    mapping(uint32 number => Member) private _byNumber;
    uint32 private _memberCount;

    // --- Operator ---------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function admit(
        address account,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 identityHash
    ) external restricted returns (uint32 number) {
        _requireFree(account);
        number = ++_memberCount;
        _write(newMember(account, number, roles, credentialExpiry));
        emit MemberAdmitted(number, account, roles, credentialExpiry, identityHash);
    }

    /// @inheritdoc IParticipants
    function suspend(uint32 number, bytes32 reasonHash) external restricted {
        _setSuspended(number, true);
        emit MemberSuspended(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function restore(uint32 number, bytes32 reasonHash) external restricted {
        _setSuspended(number, false);
        emit MemberRestored(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function renew(uint32 number, uint16 roles, uint40 credentialExpiry) external restricted {
        _write(_known(number).withRoles(roles, credentialExpiry));
        emit MemberRenewed(number, roles, credentialExpiry);
    }

    // --- Member -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function moveAccount(address to) external {
        Member m = _actor(msg.sender);
        _requireFree(to);
        _byAccount[msg.sender] = Member.wrap(0);
        _write(m.withAccount(to));
        emit AccountMoved(m.number(), msg.sender, to);
    }

    /// @inheritdoc IParticipants
    function setStandingAcceptance(bool standing) external {
        Member m = _actor(msg.sender);
        _write(m.withStanding(standing));
        emit StandingAcceptanceSet(m.number(), standing);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function actor(address account) external view returns (uint32 number, uint16 roles) {
        Member m = _actor(account);
        return (m.number(), m.roles());
    }

    /// @inheritdoc IParticipants
    function pair(address account, uint32 other) public view returns (Member, Member) {
        Member m = _behind(account);
        Member o = _known(other);
        _requireActive(m);
        _requireActive(o);
        return (m, o);
    }

    /// @inheritdoc IParticipants
    function accountOf(uint32 number) public view returns (address) {
        return _known(number).account();
    }

    /// @inheritdoc IParticipants
    function numberOf(address account) external view returns (uint32) {
        return _byAccount[account].number();
    }

    /// @inheritdoc IParticipants
    function member(
        uint32 number
    )
        external
        view
        returns (address account, uint16 roles, bool suspended, bool standing, uint40 credentialExpiry)
    {
        Member m = _known(number);
        return (m.account(), m.roles(), m.isSuspended(), m.isStanding(), m.credentialExpiry());
    }

    /// @inheritdoc IParticipants
    function memberCount() external view returns (uint32) {
        return _memberCount;
    }

    // --- Internal ---------------------------------------------------------------------------------------------------

    /// @dev The active member behind `account`.
    function _actor(address account) internal view returns (Member m) {
        m = _behind(account);
        _requireActive(m);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    function _write(Member m) private {
        _byAccount[m.account()] = m;
        _byNumber[m.number()] = m;
    }

    function _behind(address account) private view returns (Member m) {
        m = _byAccount[account];
        require(m.exists(), ParticipantsUnknownAccount(account));
    }

    function _known(uint32 number) private view returns (Member m) {
        m = _byNumber[number];
        require(m.exists(), ParticipantsUnknownMember(number));
    }

    function _requireActive(Member m) private view {
        require(m.isActive(), ParticipantsNotActive(m.number()));
    }

    function _requireFree(address account) private view {
        require(account != address(0), ParticipantsInvalidAccount(account));
        require(!_byAccount[account].exists(), ParticipantsAccountTaken(account));
    }

    function _setSuspended(uint32 number, bool suspended) private {
        Member m = _known(number);
        require(m.isSuspended() != suspended, ParticipantsStatusUnchanged(number));
        _write(m.withSuspended(suspended));
    }
}
