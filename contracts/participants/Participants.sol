// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Cold} from "../access/Cold.sol";
import {IParticipants, ORDINARY, PRIVILEGED} from "./IParticipants.sol";
import {Member, newMember} from "./Member.sol";
import {Members} from "./Members.sol";

/**
 * @title Participants
 * @notice See {IParticipants}. Writes members and nothing else: the storage of bills is none of its bases, so the compiler refuses a
 * line of it that would touch them.
 */
abstract contract Participants is IParticipants, AccessManaged, Members, Cold {
    // --- Operator ---------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function admit(
        address account,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 identityHash
    ) external cold restricted returns (uint32 number) {
        require(roles & ~ORDINARY == 0, ParticipantsWrongRoles(roles));
        _requireFree(account);
        number = ++_memberCount;
        _write(newMember(account, number, roles, credentialExpiry));
        emit MemberAdmitted(number, account, roles, credentialExpiry, identityHash);
    }

    /// @inheritdoc IParticipants
    function suspend(uint32 number, bytes32 reasonHash) external cold restricted {
        require(reasonHash != 0, ParticipantsReasonMissing(number));
        _setSuspended(number, true);
        emit MemberSuspended(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function restore(uint32 number, bytes32 reasonHash) external cold restricted {
        _setSuspended(number, false);
        emit MemberRestored(number, reasonHash);
    }

    /// @inheritdoc IParticipants
    function renew(
        uint32 number,
        uint16 roles,
        uint40 credentialExpiry,
        bytes32 reasonHash
    ) external cold restricted {
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
    function setPrivileges(uint32 number, uint16 roles) external cold restricted {
        Member m = _known(number);
        require(roles & ~PRIVILEGED == 0, ParticipantsWrongRoles(roles));
        roles |= m.roles() & ~PRIVILEGED;
        _write(m.withRoles(roles, m.credentialExpiry()));
        emit MemberRenewed(number, roles, m.credentialExpiry(), 0);
    }

    // --- Member -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function moveAccount(address to) external cold {
        uint32 number = _actor(msg.sender).number();
        _moves[number] = to;
        emit AccountMoveOffered(number, to);
    }

    /// @inheritdoc IParticipants
    function acceptAccount(uint32 number) external cold {
        Member m = _known(number);
        require(_moves[number] == msg.sender, ParticipantsMoveNotOffered(number, msg.sender));
        _requireActive(m);
        _requireFree(msg.sender);
        _move(m, msg.sender);
    }

    /// @inheritdoc IParticipants
    function setStandingAcceptance(
        bool isStanding,
        uint32 acceptor,
        uint32 counterparty,
        uint56 least,
        uint40 until
    ) external cold {
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
    function member(
        uint32 number
    )
        external
        view
        cold
        returns (address account, uint16 roles, bool suspended, bool standing, uint40 credentialExpiry)
    {
        Member m = _known(number);
        return (m.account(), m.roles(), m.isSuspended(), m.isStanding(), m.credentialExpiry());
    }

    /// @inheritdoc IParticipants
    function standingLimits(
        uint32 number
    ) external view cold returns (uint32 acceptor, uint32 counterparty, uint56 least, uint40 until) {
        Standing memory s = _standings[number];
        return (s.acceptor, s.counterparty, s.least, s.until);
    }

    /// @inheritdoc IParticipants
    function memberCount() external view cold returns (uint32) {
        return _memberCount;
    }

    // --- Internal ---------------------------------------------------------------------------------------------------

    /// @dev Whether `account` is a contract of the platform.
    function _isSystem(address account) internal view virtual returns (bool);

    /// @dev A member has moved from one account to another.
    function _onMoved(address from, address to) internal virtual;

    function _requireFree(address account) internal view {
        require(account != address(0) && !_isSystem(account), ParticipantsInvalidAccount(account));
        require(!_memberOf(account).exists(), ParticipantsAccountTaken(account));
    }

    /// @dev What was offered or proposed before is void.
    function _move(Member m, address to) internal {
        (uint32 number, address from) = (m.number(), m.account());
        delete _moves[number];
        delete _recoveries[number];
        _unsettledAt[number] = uint40(block.timestamp);
        _forget(from);
        _write(m.withAccount(to));
        emit AccountMoved(number, from, to);
        _onMoved(from, to);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    function _setSuspended(uint32 number, bool suspended) private {
        Member m = _known(number);
        require(m.isSuspended() != suspended, ParticipantsStatusUnchanged(number));
        if (suspended) _unsettledAt[number] = uint40(block.timestamp);
        _write(m.withSuspended(suspended));
    }
}
