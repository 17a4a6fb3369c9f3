// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipants} from "./IParticipants.sol";
import {newParty, Party} from "./Party.sol";

/**
 * @title Participants
 * @notice See {IParticipants}.
 * @dev Every act asks here who calls, so one cold slot answers it: roles and status are kept twice, by account and by
 * number, and written together. Members are admitted rarely and act often.
 */
contract Participants is IParticipants, AccessManaged {
    /// @dev 96 bits: `number 32 | roles 16 | suspended 8 | credentialExpiry 40`.
    struct ByAccount {
        uint32 number;
        uint16 roles;
        bool suspended;
        uint40 credentialExpiry;
    }

    /// @dev 232 bits: `account 160 | roles 16 | suspended 8 | standing 8 | credentialExpiry 40`.
    struct ByNumber {
        address account;
        uint16 roles;
        bool suspended;
        bool standing;
        uint40 credentialExpiry;
    }

    mapping(address account => ByAccount) private _byAccount;
    mapping(uint32 number => ByNumber) private _byNumber;
    uint32 private _memberCount;

    constructor(address accessManager) AccessManaged(accessManager) {}

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
        _byNumber[number] = ByNumber(account, roles, false, false, credentialExpiry);
        _byAccount[account] = ByAccount(number, roles, false, credentialExpiry);
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
        ByNumber storage m = _known(number);
        (m.roles, m.credentialExpiry) = (roles, credentialExpiry);
        ByAccount storage a = _byAccount[m.account];
        (a.roles, a.credentialExpiry) = (roles, credentialExpiry);
        emit MemberRenewed(number, roles, credentialExpiry);
    }

    // --- Member -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function moveAccount(address to) external {
        (uint32 number, ) = actor(msg.sender);
        _requireFree(to);
        _byAccount[to] = _byAccount[msg.sender];
        delete _byAccount[msg.sender];
        _byNumber[number].account = to;
        emit AccountMoved(number, msg.sender, to);
    }

    /// @inheritdoc IParticipants
    function setStandingAcceptance(bool standing) external {
        (uint32 number, ) = actor(msg.sender);
        _byNumber[number].standing = standing;
        emit StandingAcceptanceSet(number, standing);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IParticipants
    function actor(address account) public view returns (uint32 number, uint16 roles) {
        ByAccount storage a = _byAccount[account];
        require(a.number != 0, ParticipantsUnknownAccount(account));
        require(_isActive(a.suspended, a.credentialExpiry), ParticipantsNotActive(a.number));
        return (a.number, a.roles);
    }

    /// @inheritdoc IParticipants
    function pair(address account, uint32 other) external view returns (Party, Party) {
        ByAccount storage a = _byAccount[account];
        require(a.number != 0, ParticipantsUnknownAccount(account));
        ByNumber storage o = _byNumber[other];
        require(o.account != address(0), ParticipantsUnknownMember(other));
        require(_isActive(a.suspended, a.credentialExpiry), ParticipantsNotActive(a.number));
        require(_isActive(o.suspended, o.credentialExpiry), ParticipantsNotActive(other));
        return (newParty(account, a.number, a.roles, false), newParty(o.account, other, o.roles, o.standing));
    }

    /// @inheritdoc IParticipants
    function accountOf(uint32 number) external view returns (address) {
        return _known(number).account;
    }

    /// @inheritdoc IParticipants
    function numberOf(address account) external view returns (uint32) {
        return _byAccount[account].number;
    }

    /// @inheritdoc IParticipants
    function member(
        uint32 number
    )
        external
        view
        returns (address account, uint16 roles, bool suspended, bool standing, uint40 credentialExpiry)
    {
        ByNumber memory m = _known(number);
        return (m.account, m.roles, m.suspended, m.standing, m.credentialExpiry);
    }

    /// @inheritdoc IParticipants
    function memberCount() external view returns (uint32) {
        return _memberCount;
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    function _known(uint32 number) private view returns (ByNumber storage m) {
        m = _byNumber[number];
        require(m.account != address(0), ParticipantsUnknownMember(number));
    }

    function _requireFree(address account) private view {
        require(account != address(0), ParticipantsInvalidAccount(account));
        require(_byAccount[account].number == 0, ParticipantsAccountTaken(account));
    }

    function _setSuspended(uint32 number, bool suspended) private {
        ByNumber storage m = _known(number);
        require(m.suspended != suspended, ParticipantsStatusUnchanged(number));
        m.suspended = suspended;
        _byAccount[m.account].suspended = suspended;
    }

    function _isActive(bool suspended, uint40 credentialExpiry) private view returns (bool) {
        return !suspended && (credentialExpiry == 0 || block.timestamp < credentialExpiry);
    }
}
