// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipants, ORDINARY, PRIVILEGED} from "./IParticipants.sol";
import {Member, newMember} from "./Member.sol";

/**
 * @title Participants
 * @notice See {IParticipants}. A part of the ledger of bills: every act asks here who does it, and asking another contract
 * would cost more than the answer.
 * @dev The same word is kept twice, by account and by number, and only {_write} writes it. Members change rarely and act
 * often.
 */
abstract contract Participants is IParticipants, AccessManaged {
    /// @notice The limits of a standing acceptance, in one storage slot; 0 is open.
    struct Standing {
        uint32 acceptor;
        uint32 counterparty;
        uint56 least;
        uint40 until;
    }

    mapping(address account => Member) private _byAccount;
    mapping(uint32 number => Member) private _byNumber;
    mapping(uint32 number => Standing) private _standings;
    mapping(uint32 number => address to) private _moves;
    uint32 private _memberCount;

    // --- Operator ---------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function admit(
        address account,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 identityHash
    ) external restricted returns (uint32 number) {
        require(roles & ~ORDINARY == 0, ParticipantsWrongRoles(roles));
        _requireFree(account);
        number = ++_memberCount;
        _write(newMember(account, number, roles, credentialExpiry));
        emit MemberAdmitted(number, account, roles, credentialExpiry, identityHash);
    }

    /// @inheritdoc IParticipants
    function suspend(uint32 number, bytes32 reasonHash) external restricted {
        require(reasonHash != 0, ParticipantsReasonMissing(number));
        _setSuspended(number, true);
        emit MemberSuspended(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function restore(uint32 number, bytes32 reasonHash) external restricted {
        _setSuspended(number, false);
        emit MemberRestored(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function renew(
        uint32 number,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 reasonHash
    ) external restricted {
        Member m = _known(number);
        require(roles & ~ORDINARY == 0, ParticipantsWrongRoles(roles));
        bool isLess =
            m.roles() & ~(roles | PRIVILEGED) != 0 ||
                (credentialExpiry != 0 && credentialExpiry <= block.timestamp);
        require(!isLess || reasonHash != 0, ParticipantsReasonMissing(number));
        roles |= m.roles() & PRIVILEGED;
        _write(m.withRoles(roles, credentialExpiry));
        emit MemberRenewed(number, roles, credentialExpiry, reasonHash);
    }

    // --- Governance -------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function setPrivileges(uint32 number, uint16 roles) external restricted {
        Member m = _known(number);
        require(roles & ~PRIVILEGED == 0, ParticipantsWrongRoles(roles));
        roles |= m.roles() & ~PRIVILEGED;
        _write(m.withRoles(roles, m.credentialExpiry()));
        emit MemberRenewed(number, roles, m.credentialExpiry(), 0);
    }

    // --- Member -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function moveAccount(address to) external {
        uint32 number = _actor(msg.sender).number();
        _moves[number] = to;
        emit AccountMoveOffered(number, to);
    }

    /// @inheritdoc IParticipants
    function acceptAccount(uint32 number) external {
        Member m = _known(number);
        require(_moves[number] == msg.sender, ParticipantsMoveNotOffered(number, msg.sender));
        _requireActive(m);
        _requireFree(msg.sender);
        delete _moves[number];
        address from = m.account();
        _byAccount[from] = Member.wrap(0);
        _write(m.withAccount(msg.sender));
        emit AccountMoved(number, from, msg.sender);
        _onMoved(from, msg.sender);
    }

    /// @inheritdoc IParticipants
    function setStandingAcceptance(
        bool isStanding,
        uint32 acceptor,
        uint32 counterparty,
        uint56 least,
        uint40 until
    ) external {
        Member m = _actor(msg.sender);
        bool isLimited = acceptor != 0 || counterparty != 0 || least != 0 || until != 0;
        if (isStanding != m.isStanding() || isLimited != m.isLimited()) {
            _write(m.withStanding(isStanding, isLimited));
        }
        _standings[m.number()] = Standing(acceptor, counterparty, least, until);
        emit StandingAcceptanceSet(m.number(), isStanding, acceptor, counterparty, least, until);
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
    function standingLimits(
        uint32 number
    ) external view returns (uint32 acceptor, uint32 counterparty, uint56 least, uint40 until) {
        Standing memory s = _standings[number];
        return (s.acceptor, s.counterparty, s.least, s.until);
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

    function _isMember(address account) internal view returns (bool) {
        return _byAccount[account].exists();
    }

    /// @dev The member behind `account`, active or not.
    function _behind(address account) internal view returns (Member m) {
        m = _byAccount[account];
        require(m.exists(), ParticipantsUnknownAccount(account));
    }

    /// @dev Whether the standing acceptance of `receiver` covers `amount` of `acceptor`'s paper from `giver`.
    function _takesUnasked(
        Member receiver,
        uint32 giver,
        uint32 acceptor,
        uint56 amount
    ) internal view returns (bool) {
        if (!receiver.isStanding()) return false;
        if (!receiver.isLimited()) return true;
        Standing memory s = _standings[receiver.number()];
        return
            (s.acceptor == 0 || s.acceptor == acceptor) &&
            (s.counterparty == 0 || s.counterparty == giver) &&
            amount >= s.least &&
            (s.until == 0 || block.timestamp < s.until);
    }

    /// @dev Whether `account` is a contract of the platform.
    function _isSystem(address account) internal view virtual returns (bool);

    /// @dev A member has moved from one account to another.
    function _onMoved(address from, address to) internal virtual;

    // --- Private ----------------------------------------------------------------------------------------------------

    function _write(Member m) private {
        _byAccount[m.account()] = m;
        _byNumber[m.number()] = m;
    }

    function _known(uint32 number) private view returns (Member m) {
        m = _byNumber[number];
        require(m.exists(), ParticipantsUnknownMember(number));
    }

    function _requireActive(Member m) private view {
        require(m.isActive(), ParticipantsNotActive(m.number()));
    }

    function _requireFree(address account) private view {
        require(account != address(0) && !_isSystem(account), ParticipantsInvalidAccount(account));
        require(!_byAccount[account].exists(), ParticipantsAccountTaken(account));
    }

    function _setSuspended(uint32 number, bool suspended) private {
        Member m = _known(number);
        require(m.isSuspended() != suspended, ParticipantsStatusUnchanged(number));
        _write(m.withSuspended(suspended));
    }
}
