// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Acts} from "./Acts.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsHot} from "./IBillsHot.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {Parcels} from "./Parcels.sol";
import {Terms} from "./Terms.sol";

/**
 * @title Payments
 * @notice What is owed on a bill is paid in, and from the due date on paid out to whoever holds its parcels, to the cent ({Parcels}).
 */
abstract contract Payments is IBillsHot, BillsStorage {
    using Acts for bytes;
    using SafeERC20 for IERC20;

    /// @inheritdoc IBillsHot
    function fund(BillNo billNo, uint56 amount) external nonReentrant {
        // Who only pays what it owes need not be active.
        uint32 caller = _behind(msg.sender).number();
        Terms t = _terms[billNo];
        require(t.acceptor() == caller, BillsNotAcceptor(billNo, caller));
        _payIn(billNo, t, caller, amount);
    }

    /// @inheritdoc IBillsHot
    function payFor(BillNo billNo, uint56 amount) external nonReentrant {
        _payIn(billNo, _terms[billNo], _actor(msg.sender).number(), amount);
    }

    /// @inheritdoc IBillsHot
    function distribute(BillNo billNo, uint56[] calldata firsts) external nonReentrant {
        Terms t = _terms[billNo];
        require(t.isActive(), BillsNotActive(billNo));
        require(_isMatured(t), BillsNotDue(billNo));
        Paid memory account = _paid[billNo];
        bytes32 hash = _trails[billNo];
        for (uint256 n = 0; n < firsts.length; ++n) {
            uint56 amount;
            (amount, hash) = _pay(billNo, t, firsts[n], account, hash);
            account.paidOut += amount;
        }
        _paid[billNo].paidOut = account.paidOut;
        _trails[billNo] = hash;
    }

    function _payIn(BillNo billNo, Terms t, uint32 payer, uint56 amount) private {
        require(t.isActive(), BillsNotActive(billNo));
        require(amount != 0, BillsInvalidAmount());
        Paid storage account = _paid[billNo];
        uint56 before = account.paidIn;
        require(amount <= t.face() - before, BillsOverpaid(billNo, amount, t.face() - before));

        account.paidIn = before + amount;
        _record(billNo, abi.encode(BillFunded.selector, billNo, payer, amount, before + amount)).log3();
        IERC20(address(_cash)).safeTransferFrom(msg.sender, address(this), amount);
    }

    function _pay(
        BillNo billNo,
        Terms t,
        uint56 first,
        Paid memory account,
        bytes32 hash
    ) private returns (uint56 amount, bytes32) {
        ParcelId id = newParcelId(billNo, first);
        Parcel p = _parcels[id];
        require(p.exists(), BillsNoSuchParcel(id));
        (uint256 out, uint256 upTo) = Parcels.payout(
            first,
            p.end(),
            account.paidIn,
            p.paidUpTo(),
            t.face(),
            account.paidIn - account.paidOut
        );
        if (upTo == p.paidUpTo()) return (0, hash);
        amount = uint56(out);

        _parcels[id] = p.withPaidUpTo(uint56(upTo));
        bytes memory act = abi.encode(ParcelPaid.selector, billNo, p.holder(), first, p.end(), amount, upTo);
        hash = Acts.extend(hash, act);
        act.log3();
        if (amount != 0) {
            if (p.isFinanced()) _lines.freeLine(p.holder(), t.acceptor(), amount);
            IERC20(address(_cash)).safeTransfer(_known(p.holder()).account(), amount);
        }
        return (amount, hash);
    }
}
