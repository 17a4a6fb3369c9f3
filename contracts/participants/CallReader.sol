// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IBills} from "../bills/IBills.sol";
import {IBillsCold} from "../bills/IBillsCold.sol";
import {IBillsHot} from "../bills/IBillsHot.sol";
import {BillNo, ParcelId} from "../bills/ParcelId.sol";
import {IDepositToken} from "../cash/IDepositToken.sol";
import {ICreditLines} from "../finance/ICreditLines.sol";
import {IFinancingDesk} from "../finance/IFinancingDesk.sol";
import {
    ICallReader,
    KIND_CASH,
    KIND_FINANCE,
    KIND_ISSUE,
    KIND_LINES,
    KIND_MEMBERSHIP,
    KIND_OTHER,
    KIND_PAY,
    KIND_RECEIVE,
    KIND_TRANSFER,
    LARGEST
} from "./ICallReader.sol";
import {IParticipants} from "./IParticipants.sol";
import {IRecoveries} from "./IRecoveries.sol";

/**
 * @title CallReader
 * @notice See {ICallReader}. Keeps nothing and trusts nobody but the contracts that it was made for.
 * @dev It reads each argument at the place where the called contract will read it, and knows only the one encoding that compilers
 * write: a call with a byte more or less, or with its parts elsewhere, is one that it does not know. So a batch can look like more than it
 * is, and never like less. What it looks up in the ledger can only shrink until the call is made, as parcels are cut and never joined.
 */
contract CallReader is ICallReader {
    IBills private immutable _bills;
    address private immutable _cash;
    address private immutable _desk;
    address private immutable _lines;

    constructor(IBills bills, IDepositToken cash, IFinancingDesk desk, ICreditLines lines) {
        _bills = bills;
        _cash = address(cash);
        _desk = address(desk);
        _lines = address(lines);
    }

    /// @inheritdoc ICallReader
    function read(address target, bytes calldata data) external view returns (uint256 kinds, uint256 amount) {
        if (data.length < 4) return (KIND_OTHER, LARGEST);
        bytes4 selector = bytes4(data);
        if (target == address(_bills)) return _ledger(selector, data, true);
        if (target == _cash) return _deposits(selector, data);
        if (target == _desk) return _quotes(selector, data);
        if (target == _lines) return _limits(selector, data);
        return (KIND_OTHER, LARGEST);
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev Several calls of the ledger in one. One within another is not known, nor is one whose parts do not follow each other.
    function _several(bytes calldata data) private view returns (uint256 kinds, uint256 amount) {
        if (data.length < 68 || _word(data, 0) != 32) return (KIND_OTHER, LARGEST);
        uint256 count = _word(data, 1);
        if (count > (data.length - 68) / 32) return (KIND_OTHER, LARGEST);
        uint256 next = count * 32;
        for (uint256 i = 0; i < count; ++i) {
            if (_word(data, 2 + i) != next || data.length < 68 + next + 32) return (KIND_OTHER, LARGEST);
            uint256 length = uint256(bytes32(data[68 + next:]));
            uint256 start = 68 + next + 32;
            if (length < 4 || length > data.length - start) return (KIND_OTHER, LARGEST);
            bytes calldata inner = data[start:start + length];
            (uint256 kind, uint256 more) = _ledger(bytes4(inner), inner, false);
            kinds |= kind;
            amount = _sum(amount, more);
            next += 32 + ((length + 31) & ~uint256(31));
        }
        if (data.length != 68 + next) return (KIND_OTHER, LARGEST);
    }

    /// @param isWhole Whether it is the call of the account itself and not one of several in it.
    function _ledger(
        bytes4 selector,
        bytes calldata data,
        bool isWhole
    ) private view returns (uint256, uint256) {
        if (selector == IBillsHot.offer.selector && _has(data, 4)) {
            (uint256 id, uint256 amount) = _two(data);
            return (KIND_TRANSFER, _part(id, amount));
        }
        if (selector == IBillsHot.take.selector && _has(data, 3)) {
            return (KIND_RECEIVE, _length(_word(data, 0), _word(data, 2)));
        }
        // A sale ends with the bank's order, which the desk reads: its amount stands before it.
        if (selector == IBillsHot.sell.selector && data.length >= 4 + 7 * 32 && _word(data, 5) == 6 * 32) {
            (uint256 id, uint256 amount) = _two(data);
            return (KIND_FINANCE, _part(id, amount));
        }
        // The terms begin after the offset: serial, payee, due, face.
        if (selector == IBillsHot.issue.selector && data.length >= 4 + 12 * 32 && _word(data, 0) == 32) {
            return (KIND_ISSUE, _capped(_word(data, 4)));
        }
        if ((selector == IBillsHot.fund.selector || selector == IBillsHot.payFor.selector) && _has(data, 2)) {
            return (KIND_PAY, _capped(_word(data, 1)));
        }
        if (
            (selector == IBillsHot.refuse.selector || selector == IBillsHot.withdraw.selector) &&
            _has(data, 3)
        ) {
            return (KIND_RECEIVE, _length(_word(data, 0), _word(data, 2)));
        }
        if (selector == IBillsHot.expire.selector && _has(data, 4)) {
            return (KIND_RECEIVE, _length(_word(data, 0), _word(data, 3)));
        }
        if (selector == IBillsCold.extend.selector && _has(data, 4)) {
            return (KIND_TRANSFER, _length(_word(data, 0), _word(data, 2)));
        }
        if (selector == IBillsCold.multicall.selector && isWhole) return _several(data);
        return _seldom(selector, data);
    }

    function _seldom(bytes4 selector, bytes calldata data) private view returns (uint256, uint256) {
        // Anybody may have a bill paid out to those who hold it.
        if (selector == IBillsHot.distribute.selector) return (KIND_PAY, 0);
        if (data.length >= 36) {
            if (selector == IBillsCold.withdrawIssue.selector) return (KIND_ISSUE, _face(_word(data, 0)));
            if (selector == IBillsCold.refuseIssue.selector || selector == IBillsCold.expireIssue.selector) {
                return (KIND_RECEIVE, _face(_word(data, 0)));
            }
        }
        // A desk that may say yes for a bank may spend what the bank allows it.
        if (selector == IBillsCold.allowDesk.selector && _has(data, 2)) {
            return (KIND_FINANCE, _word(data, 1) == 0 ? 0 : LARGEST);
        }
        if (selector == IParticipants.setStandingAcceptance.selector && _has(data, 5))
            return (KIND_MEMBERSHIP, 0);
        if (selector == IParticipants.acceptAccount.selector && _has(data, 1)) return (KIND_MEMBERSHIP, 0);
        // All that the firm has goes along.
        if (selector == IParticipants.moveAccount.selector && _has(data, 1))
            return (KIND_MEMBERSHIP, LARGEST);
        // Who may have the firm recovered, and what is recovered, may be all that a firm has.
        if (
            (selector == IRecoveries.nameHelper.selector && _has(data, 1)) ||
            (selector == IRecoveries.proposeRecovery.selector && _has(data, 2))
        ) return (KIND_MEMBERSHIP, LARGEST);
        if (
            (selector == IRecoveries.withdrawRecovery.selector ||
                selector == IRecoveries.stopRecovery.selector ||
                selector == IRecoveries.completeRecovery.selector) && _has(data, 1)
        ) return (KIND_MEMBERSHIP, 0);
        return (KIND_OTHER, LARGEST);
    }

    function _deposits(bytes4 selector, bytes calldata data) private view returns (uint256, uint256) {
        if (selector == IERC20.transfer.selector && _has(data, 2)) return (KIND_PAY, _capped(_word(data, 1)));
        if (selector == IERC20.transferFrom.selector && _has(data, 3)) {
            return (KIND_PAY, _capped(_word(data, 2)));
        }
        if (selector == IERC20.approve.selector && _has(data, 2)) {
            uint16 kind = _word(data, 0) == uint160(_desk) ? KIND_FINANCE : KIND_PAY;
            return (kind, _capped(_word(data, 1)));
        }
        if (selector == IDepositToken.deposit.selector && _has(data, 3)) {
            return (KIND_CASH, _capped(_word(data, 1)));
        }
        if (selector == IDepositToken.requestRedemption.selector && _has(data, 2)) {
            return (KIND_CASH, _capped(_word(data, 1)));
        }
        bool isAnswer =
            selector == IDepositToken.confirmRedemption.selector ||
                selector == IDepositToken.refuseRedemption.selector;
        if (isAnswer && _has(data, 2)) return (KIND_CASH, _redemption(_word(data, 0)));
        return (KIND_OTHER, LARGEST);
    }

    function _quotes(bytes4 selector, bytes calldata data) private pure returns (uint256, uint256) {
        if (selector == IFinancingDesk.cancel.selector && _has(data, 1)) return (KIND_FINANCE, 0);
        return (KIND_OTHER, LARGEST);
    }

    function _limits(bytes4 selector, bytes calldata data) private pure returns (uint256, uint256) {
        if (selector == ICreditLines.setLine.selector && _has(data, 3)) {
            return (KIND_LINES, _capped(_word(data, 1)));
        }
        bool isOfOne =
            selector == ICreditLines.setGroupLine.selector ||
                selector == ICreditLines.reserve.selector ||
                selector == ICreditLines.release.selector;
        if (isOfOne && _has(data, 2)) return (KIND_LINES, _capped(_word(data, 1)));
        return (KIND_OTHER, LARGEST);
    }

    // --- Amounts ----------------------------------------------------------------------------------------------------

    /// @dev `amount` cents of a parcel, or with {LARGEST} all of it.
    function _part(uint256 id, uint256 amount) private view returns (uint256) {
        if (amount != LARGEST) return _capped(amount);
        if (id > type(uint128).max) return LARGEST;
        // One that is not there yet comes into being in this very batch.
        return _length(id, _bills.parcel(ParcelId.wrap(uint128(id))).end());
    }

    /// @dev The piece from the first cent of the parcel's id to `end`.
    function _length(uint256 id, uint256 end) private pure returns (uint256) {
        uint256 first = uint64(id);
        return end > first ? _capped(end - first) : LARGEST;
    }

    function _face(uint256 billNo) private view returns (uint256) {
        if (billNo > type(uint64).max) return LARGEST;
        uint256 face = _bills.terms(BillNo.wrap(uint64(billNo))).face();
        return face == 0 ? LARGEST : face;
    }

    function _redemption(uint256 number) private view returns (uint256) {
        if (number > type(uint64).max) return LARGEST;
        (, , uint64 amount) = IDepositToken(_cash).redemption(uint64(number));
        return amount == 0 ? LARGEST : _capped(amount);
    }

    function _capped(uint256 amount) private pure returns (uint256) {
        return amount < LARGEST ? amount : LARGEST;
    }

    /// @dev Both are at most {LARGEST}.
    function _sum(uint256 a, uint256 b) private pure returns (uint256) {
        return _capped(a + b);
    }

    // --- Places -----------------------------------------------------------------------------------------------------

    /// @dev The arguments are `count` words and nothing else.
    function _has(bytes calldata data, uint256 count) private pure returns (bool) {
        return data.length == 4 + count * 32;
    }

    /// @dev The first two: cheaper than one by one.
    function _two(bytes calldata data) private pure returns (uint256, uint256) {
        return abi.decode(data[4:], (uint256, uint256));
    }

    function _word(bytes calldata data, uint256 n) private pure returns (uint256) {
        return uint256(bytes32(data[4 + n * 32:]));
    }
}
