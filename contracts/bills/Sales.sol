// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {BANK} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {Acts} from "./Acts.sol";
import {IBillsHot} from "./IBillsHot.sol";
import {Moves} from "./Moves.sol";
import {Parcel} from "./Parcel.sol";
import {BillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {BASIS_365, NOT_TO_BE_FINANCED, Terms} from "./Terms.sol";

/**
 * @title Sales
 * @notice A holder sells a parcel or a part of it to a bank: title here, price at the desk, in one transaction.
 */
abstract contract Sales is IBillsHot, Moves {
    using Acts for bytes;
    using SafeCast for uint256;

    /// @inheritdoc IBillsHot
    function sell(
        ParcelId id,
        uint56 amount,
        uint32 buyer,
        ISaleDesk desk,
        uint56 leastPrice,
        bytes calldata order
    ) external nonReentrant returns (ParcelId) {
        (Member by, Member bank) = _pair(msg.sender, buyer);
        require(by.number() != buyer, BillsToOneself(buyer));
        require(_desks[desk], BillsUnknownDesk(address(desk)));
        require(bank.hasRole(BANK), BillsNotBank(buyer));
        BillNo billNo = id.bill();
        Terms t = _terms[billNo];
        Parcel p = _load(id, t);
        require(p.holder() == by.number(), BillsNotHolder(id, by.number()));
        _requireMovable(id, t, p, buyer, NOT_TO_BE_FINANCED);
        uint56 first = _cutPoint(id, p, amount);
        require(_allowedDesks[buyer][desk], BillsDeskNotAllowed(buyer, address(desk)));

        ISaleDesk.Sale memory sale = ISaleDesk.Sale({
            parcel: id,
            billNo: billNo,
            acceptor: t.acceptor(),
            seller: by.number(),
            buyer: buyer,
            first: first,
            amount: p.end() - first,
            due: t.due(),
            basis: t.has(BASIS_365) ? 365 : 360,
            sellerAccount: msg.sender,
            buyerAccount: bank.account()
        });
        // The desk's check runs before the title moves, its payment after: errors win in the order that {IBills} gives,
        // and neither can be re-entered.
        uint256 price = desk.agree(sale, order);
        require(price >= leastPrice, BillsPriceTooLow(price, leastPrice));
        if (first != id.first()) _parcels[id] = p.withEnd(first);
        _recordSale(id.first(), sale, price.toUint56(), desk);
        _hand(newParcelId(billNo, first), t, p, bank);
        desk.pay(sale.buyerAccount, sale.sellerAccount, price);
        return newParcelId(billNo, first);
    }

    function _recordSale(uint56 cutFrom, ISaleDesk.Sale memory s, uint56 price, ISaleDesk desk) private {
        uint56 end = s.first + s.amount;
        _record(
            s.billNo,
            abi.encode(ParcelSold.selector, s.billNo, s.seller, s.buyer, cutFrom, s.first, end, price, desk)
        ).log4();
    }
}
