// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IMembers} from "./IMembers.sol";
import {Member} from "./Member.sol";

/**
 * @title Members
 * @notice What the ledger keeps of its members, and how it asks who acts. {Participants} and {Recoveries} change it.
 * @dev The same word is kept twice, by account and by number, and only {_write} writes it. Members change rarely and act
 * often.
 */
abstract contract Members {
    /// @notice The limits of a standing acceptance, in one storage slot; 0 is open.
    struct Standing {
        uint32 acceptor;
        uint32 counterparty;
        uint56 least;
        uint40 until;
    }

    /// @notice Who helps a member that has lost its keys, in one storage slot: `present` before the instant `from`, then `next`.
    struct Helper {
        uint32 present;
        uint32 next;
        uint40 from;
    }

    /// @notice Where helper and operator would have a member move, and when they said so.
    struct Recovery {
        address byHelper;
        uint40 helperAt;
        uint32 helper;
        address byOperator;
        uint40 operatorAt;
    }

    mapping(address account => Member) private _byAccount;
    mapping(uint32 number => Member) private _byNumber;
    mapping(uint32 number => Standing) internal _standings;
    mapping(uint32 number => address to) internal _moves;
    uint32 internal _memberCount;
    mapping(uint32 number => Helper) internal _helpers;
    mapping(uint32 number => Recovery) internal _recoveries;
    /// @dev When a member was last suspended or last moved: what it proposed for another before is void.
    mapping(uint32 number => uint40 instant) internal _unsettledAt;

    /// @dev The member behind `account`, active or not.
    function _behind(address account) internal view returns (Member m) {
        m = _byAccount[account];
        require(m.exists(), IMembers.ParticipantsUnknownAccount(account));
    }

    /// @dev The member of this number, active or not.
    function _known(uint32 number) internal view returns (Member m) {
        m = _byNumber[number];
        require(m.exists(), IMembers.ParticipantsUnknownMember(number));
    }

    function _requireActive(Member m) internal view {
        require(m.isActive(), IMembers.ParticipantsNotActive(m.number()));
    }

    /// @dev The active member behind `account`.
    function _actor(address account) internal view returns (Member m) {
        m = _behind(account);
        _requireActive(m);
    }

    /// @dev The active member behind `account` and the active member `other`; see {IMembers-pair}.
    function _pair(address account, uint32 other) internal view returns (Member, Member) {
        Member m = _behind(account);
        Member o = _known(other);
        _requireActive(m);
        _requireActive(o);
        return (m, o);
    }

    /// @dev The member behind `account`; none ({Member-exists}) if it is nobody's.
    function _memberOf(address account) internal view returns (Member) {
        return _byAccount[account];
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

    function _write(Member m) internal {
        _byAccount[m.account()] = m;
        _byNumber[m.number()] = m;
    }

    /// @dev Nobody is behind `account` any more.
    function _forget(address account) internal {
        _byAccount[account] = Member.wrap(0);
    }
}
