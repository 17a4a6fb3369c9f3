// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRecoveries, RECOVERY_DELAY, RECOVERY_END} from "./IRecoveries.sol";
import {Member} from "./Member.sol";
import {Participants} from "./Participants.sol";

/**
 * @title Recoveries
 * @notice See {IRecoveries}. Two words a member: who helps it, and what is proposed.
 */
abstract contract Recoveries is IRecoveries, Participants {
    // --- Member -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IRecoveries
    function nameHelper(uint32 helper) external cold {
        Member m;
        if (helper == 0) m = _actor(msg.sender);
        else (m, ) = _pair(msg.sender, helper);
        uint32 number = m.number();
        require(helper != number, RecoveriesOwnHelper(number));
        (uint32 present, ) = _helperNow(number);
        uint40 from = uint40(block.timestamp) + RECOVERY_DELAY;
        _helpers[number] = Helper(present, helper, from);
        emit HelperNamed(number, helper, from);
    }

    /// @inheritdoc IRecoveries
    function stopRecovery(uint32 number) external cold {
        // No need to be active: a suspended member's account must not be lost to others either.
        require(_known(number).account() == msg.sender, RecoveriesNotMember(number, msg.sender));
        Recovery memory r = _recoveries[number];
        require(r.byHelper != address(0) || r.byOperator != address(0), RecoveriesNone(number));
        delete _recoveries[number];
        emit RecoveryStopped(number, msg.sender);
    }

    // --- Helper -----------------------------------------------------------------------------------------------------

    /// @inheritdoc IRecoveries
    function proposeRecovery(uint32 number, address to) external cold {
        (Member m, Member helper) = (_known(number), _actor(msg.sender));
        (uint32 present, ) = _helperNow(m.number());
        require(helper.number() == present, RecoveriesNotHelper(number, helper.number()));
        require(!_isOperator(msg.sender), RecoveriesBothHalves(msg.sender));
        _requireFree(to);
        Recovery storage r = _recoveries[number];
        (r.byHelper, r.helperAt, r.helper) = (to, uint40(block.timestamp), present);
        _emitProposed(number, present, to, 0);
    }

    /// @inheritdoc IRecoveries
    function withdrawRecovery(uint32 number) external cold {
        // Neither active nor the helper still: who made a proposal may always take it back.
        uint32 caller = _behind(msg.sender).number();
        Recovery storage r = _recoveries[number];
        require(r.byHelper != address(0), RecoveriesNone(number));
        require(r.helper == caller, RecoveriesNotHelper(number, caller));
        (r.byHelper, r.helperAt, r.helper) = (address(0), 0, 0);
        emit RecoveryWithdrawn(number, caller);
    }

    // --- Operator ---------------------------------------------------------------------------------------------------

    /// @inheritdoc IRecoveries
    function proposeRecoveryAsOperator(
        uint32 number,
        address to,
        bytes32 reasonHash
    ) external cold restricted {
        _known(number);
        require(reasonHash != 0, ParticipantsReasonMissing(number));
        (uint32 helper, ) = _helperNow(number);
        require(helper != 0, RecoveriesNotHelper(number, 0));
        require(_memberOf(msg.sender).number() != helper, RecoveriesBothHalves(msg.sender));
        _requireFree(to);
        Recovery storage r = _recoveries[number];
        (r.byOperator, r.operatorAt) = (to, uint40(block.timestamp));
        _emitProposed(number, 0, to, reasonHash);
    }

    /// @inheritdoc IRecoveries
    function withdrawRecoveryAsOperator(uint32 number) external cold restricted {
        Recovery storage r = _recoveries[number];
        require(r.byOperator != address(0), RecoveriesNone(number));
        (r.byOperator, r.operatorAt) = (address(0), 0);
        emit RecoveryWithdrawn(number, 0);
    }

    // --- The new account --------------------------------------------------------------------------------------------

    /// @inheritdoc IRecoveries
    function completeRecovery(uint32 number) external cold {
        Member m = _known(number);
        Recovery memory r = _recoveries[number];
        (uint40 from, uint40 until) = _window(number, r);
        require(
            from != 0 && r.byHelper == msg.sender && block.timestamp < until,
            RecoveriesNotAgreed(number, msg.sender)
        );
        _requireActive(_known(r.helper));
        require(block.timestamp >= from, RecoveriesTooEarly(number, from));
        _requireFree(msg.sender);
        (uint32 helper, uint40 since) = _helperNow(number);
        _helpers[number] = Helper(helper, helper, since);
        address old = m.account();
        _move(m, msg.sender);
        emit RecoveryCompleted(number, old, msg.sender);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IRecoveries
    function helperOf(uint32 number) external view cold returns (uint32 present, uint32 next, uint40 from) {
        Helper memory h = _helpers[number];
        return (h.present, h.next, h.from);
    }

    /// @inheritdoc IRecoveries
    function recovery(
        uint32 number
    )
        external
        view
        cold
        returns (uint32 helper, address byHelper, uint40 helperAt, address byOperator, uint40 operatorAt)
    {
        Recovery memory r = _recoveries[number];
        return (r.helper, r.byHelper, r.helperAt, r.byOperator, r.operatorAt);
    }

    /// @inheritdoc IRecoveries
    function recoveryWindow(uint32 number) external view cold returns (uint40 from, uint40 until) {
        (from, until) = _window(number, _recoveries[number]);
        if (block.timestamp >= until) return (0, 0);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev Who helps the member now, and since when that is certain; proposals of before are another time's.
    function _helperNow(uint32 number) private view returns (uint32 helper, uint40 since) {
        Helper memory h = _helpers[number];
        return block.timestamp < h.from ? (h.present, 0) : (h.next, h.from);
    }

    /// @dev Whether the helper's word counts: it is the helper, as it was then, and has been neither suspended nor moved since.
    function _helperStands(uint32 number, Recovery memory r) private view returns (bool) {
        (uint32 helper, uint40 since) = _helperNow(number);
        return
            r.byHelper != address(0) &&
            r.helper == helper &&
            r.helperAt >= since &&
            r.helperAt > _unsettledAt[helper] &&
            block.timestamp < uint256(r.helperAt) + RECOVERY_END;
    }

    /// @dev When it can be completed; both 0 if the two do not agree, or agreed too late.
    function _window(uint32 number, Recovery memory r) private view returns (uint40 from, uint40 until) {
        if (r.byHelper != r.byOperator || !_helperStands(number, r)) return (0, 0);
        from = uint40(Math.max(r.helperAt, r.operatorAt)) + RECOVERY_DELAY;
        until = uint40(Math.min(r.helperAt, r.operatorAt)) + RECOVERY_END;
        if (from >= until) return (0, 0);
    }

    function _emitProposed(uint32 number, uint32 by, address to, bytes32 reasonHash) private {
        (uint40 from, uint40 until) = _window(number, _recoveries[number]);
        emit RecoveryProposed(number, by, to, from, until, reasonHash);
    }

    /// @dev Whether `account` may speak for the operator, at once or with a delay.
    function _isOperator(address account) private view returns (bool) {
        bytes4 selector = IRecoveries.proposeRecoveryAsOperator.selector;
        (bool isImmediate, uint32 delay) = IAccessManager(authority()).canCall(
            account,
            address(this),
            selector
        );
        return isImmediate || delay != 0;
    }
}
