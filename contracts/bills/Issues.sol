// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {CORE_ENTERPRISE} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {LegalDates} from "../rules/LegalDates.sol";
import {IInvoiceRegistry} from "../trade/IInvoiceRegistry.sol";
import {Acts} from "./Acts.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsHot} from "./IBillsHot.sol";
import {BillNo, newBillNo} from "./ParcelId.sol";
import {
    BASIS_365,
    KIND_CERTIFICATE,
    NAMED_MEMBERS_ONLY,
    NOT_TO_BE_FINANCED,
    NOT_TO_BE_PASSED_ON,
    newTerms,
    Terms
} from "./Terms.sol";

/**
 * @title Issues
 * @notice A core enterprise issues a bill. It is signed for in {Offers} and comes to nothing in {IssueEnds}.
 */
abstract contract Issues is IBillsHot, BillsStorage {
    using Acts for bytes;
    using BitMaps for BitMaps.BitMap;

    uint16 private constant RESTRICTIONS = NOT_TO_BE_PASSED_ON | NOT_TO_BE_FINANCED | NAMED_MEMBERS_ONLY;

    /// @inheritdoc IBillsHot
    function issue(Issue calldata i) external returns (BillNo billNo) {
        (uint32 payee, uint16 restrictions, uint16 rulePack) = (i.payee, i.restrictions, i.rulePack);
        (uint40 due, uint56 face) = (i.due, i.face);
        uint32[] calldata named = i.named;
        (Member by, ) = _pair(msg.sender, payee);
        require(by.number() != payee, BillsToOneself(payee));
        require(
            restrictions & ~RESTRICTIONS == 0 &&
                (named.length == 0 || restrictions & NAMED_MEMBERS_ONLY != 0),
            BillsUnknownRestriction(restrictions)
        );
        billNo = newBillNo(by.number(), i.serial);
        require(!_terms[billNo].exists(), BillsSerialUsed(billNo));
        (uint8 kind, uint8 tenorMonths, uint16 basis) = _rulebook.inForce(rulePack);
        require(kind == KIND_CERTIFICATE, BillsWrongKind(rulePack));
        require(by.hasRole(CORE_ENTERPRISE), BillsNotCoreEnterprise(by.number()));
        require(face != 0, BillsInvalidAmount());
        _requireDueDate(due, tenorMonths);

        uint16 flags = restrictions | (basis == 365 ? BASIS_365 : 0);
        Terms t = newTerms(by.number(), payee, due, face, kind, flags, rulePack, _currency);
        _terms[billNo] = t;
        IInvoiceRegistry.InvoiceUse[] calldata uses = i.invoices;
        bytes32 invoicesHash = keccak256(abi.encode(uses));
        bytes memory act = Acts.billIssued(billNo, t, i.documentHash, invoicesHash);
        bytes32 hash = Acts.extend(0, act);
        act.log4();
        if (t.has(NAMED_MEMBERS_ONLY)) {
            act = Acts.membersNamed(billNo, named);
            hash = Acts.extend(hash, act);
            act.log2();
            for (uint256 n = 0; n < named.length; ++n) _named[billNo].set(named[n]);
        }
        _trails[billNo] = hash;

        if (uses.length != 0) _back(billNo, payee, uses);
    }

    function _requireDueDate(uint40 due, uint8 tenorMonths) private view {
        require(due > block.timestamp && LegalDates.isDate(due), BillsInvalidDueDate(due));
        uint256 today = LegalDates.today();
        // A month has at least 28 days, so only a later due date needs the calendar.
        if (due <= today + uint256(tenorMonths) * 28 days) return;
        uint40 latest = uint40(LegalDates.addMonths(today, tenorMonths));
        require(due <= latest, BillsTenorTooLong(due, latest));
    }
}
