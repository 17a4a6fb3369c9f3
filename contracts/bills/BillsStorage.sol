// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IDepositToken} from "../cash/IDepositToken.sol";
import {ICreditLines} from "../finance/ICreditLines.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {BANK} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {Members} from "../participants/Members.sol";
import {IRulebook} from "../rules/IRulebook.sol";
import {InvoiceBook} from "../trade/InvoiceBook.sol";
import {Acts} from "./Acts.sol";
import {IBillsRecord} from "./IBillsRecord.sol";
import {newParcel, Parcel, PARCEL_FINANCED} from "./Parcel.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {Ribbon} from "./Ribbon.sol";
import {NOT_TO_BE_FINANCED, STATUS_OFFERED, Terms} from "./Terms.sol";

/**
 * @title BillsStorage
 * @notice What is stored of bills, with members ({Members}) and invoices ({InvoiceBook}) before it, and what both halves of the
 * ledger do with it.
 * @dev {Bills} and {BillsExtension} run over the same storage. A variable is added here and nowhere else, because a slot that one
 * half alone knows would be another variable's in the other: a test compares the two layouts.
 */
abstract contract BillsStorage is
    IBillsRecord,
    AccessManaged,
    Members,
    InvoiceBook,
    ReentrancyGuardTransient
{
    using Acts for bytes;

    struct Paid {
        uint56 paidIn;
        uint56 paidOut;
    }

    IRulebook internal immutable _rulebook;
    ICreditLines internal immutable _lines;
    IDepositToken internal immutable _cash;
    Ribbon internal immutable _ribbon;
    uint16 internal immutable _currency;

    mapping(BillNo => Terms) internal _terms;
    mapping(BillNo => bytes32) internal _trails;
    mapping(BillNo => Paid) internal _paid;
    mapping(ParcelId => Parcel) internal _parcels;
    mapping(BillNo => BitMaps.BitMap) internal _named;
    mapping(ISaleDesk => bool) internal _desks;
    mapping(uint32 bank => mapping(ISaleDesk => bool)) internal _allowedDesks;

    constructor(Parts memory p) AccessManaged(p.accessManager) {
        (_rulebook, _lines, _cash) = (p.rulebook, p.lines, p.cash);
        (_ribbon, _currency) = (Ribbon(p.ribbon), p.currency);
    }

    // --- Checks -----------------------------------------------------------------------------------------------------

    function _isMatured(Terms t) internal view returns (bool) {
        return block.timestamp >= t.due();
    }

    /// @dev What keeps `receiver` from receiving a parcel: a bank holds nothing that is not to be financed.
    function _barred(Member receiver) internal pure returns (uint16) {
        return receiver.hasRole(BANK) ? NOT_TO_BE_FINANCED : 0;
    }

    // --- Parcels -----------------------------------------------------------------------------------------------------

    /// @dev The first parcel of an issue is not stored before it is taken: until then it follows from the terms.
    function _load(ParcelId id, Terms t) internal view returns (Parcel) {
        if (t.isActive() || !t.exists() || !id.isRoot()) return _parcels[id];
        return newParcel(t.acceptor(), t.status() == STATUS_OFFERED ? t.payee() : 0, t.face(), 0, 0, 0);
    }

    /// @dev Gives the piece `[first, end)` of `p` to `to`. What a bank holds of an acceptor's paper uses its line on it, in
    /// whatever way it came; a bank needs none on itself. No line can be exceeded, because this is the only way to a new holder.
    function _hand(ParcelId id, Terms t, Parcel p, Member to) internal {
        uint32 acceptor = t.acceptor();
        bool usesLine = to.hasRole(BANK) && to.number() != acceptor;
        _parcels[id] = p.withHolder(to.number(), usesLine ? PARCEL_FINANCED : 0);
        uint56 length = p.end() - id.first();
        if (p.isFinanced()) _lines.freeLine(p.holder(), acceptor, length);
        if (usesLine) _lines.useLine(to.number(), acceptor, length);
    }

    // --- Trail -------------------------------------------------------------------------------------------------------

    /// @dev Writes the act into the trail and gives it back to be logged.
    function _record(BillNo billNo, bytes memory act) internal returns (bytes memory) {
        _trails[billNo] = Acts.extend(_trails[billNo], act);
        return act;
    }
}
