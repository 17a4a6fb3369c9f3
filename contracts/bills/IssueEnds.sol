// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Cold} from "../access/Cold.sol";
import {Acts} from "./Acts.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsCold} from "./IBillsCold.sol";
import {BillNo, newParcelId, ParcelId} from "./ParcelId.sol";
import {NAMED_MEMBERS_ONLY, STATUS_CANCELLED, STATUS_OFFERED, Terms} from "./Terms.sol";

/**
 * @title IssueEnds
 * @notice An issue that nobody has signed for comes to nothing: refused, withdrawn or lapsed. Its invoices are free again.
 */
abstract contract IssueEnds is IBillsCold, BillsStorage, Cold {
    using Acts for bytes;

    /// @inheritdoc IBillsCold
    function refuseIssue(BillNo billNo, Backing calldata backing) external cold {
        uint32 caller = _actor(msg.sender).number();
        Terms t = _terms[billNo];
        require(
            t.status() == STATUS_OFFERED && t.payee() == caller,
            BillsNotOffered(newParcelId(billNo, 0), caller)
        );
        _cancel(billNo, t, caller, backing);
    }

    /// @inheritdoc IBillsCold
    function withdrawIssue(BillNo billNo, Backing calldata backing) external cold {
        uint32 caller = _actor(msg.sender).number();
        Terms t = _terms[billNo];
        ParcelId id = newParcelId(billNo, 0);
        require(_load(id, t).holder() == caller, BillsNotHolder(id, caller));
        require(t.status() == STATUS_OFFERED, BillsNotOffered(id, caller));
        _cancel(billNo, t, caller, backing);
    }

    /// @inheritdoc IBillsCold
    function expireIssue(BillNo billNo, Backing calldata backing) external cold {
        Terms t = _terms[billNo];
        require(t.status() == STATUS_OFFERED, BillsNotOffered(newParcelId(billNo, 0), 0));
        require(_isMatured(t), BillsOfferStands(newParcelId(billNo, 0)));
        _cancel(billNo, t, 0, backing);
    }

    function _cancel(BillNo billNo, Terms t, uint32 by, Backing calldata backing) private {
        bytes32 invoicesHash = keccak256(abi.encode(backing.invoices));
        bytes32 hash = Acts.extend(0, Acts.billIssued(billNo, t, backing.documentHash, invoicesHash));
        if (t.has(NAMED_MEMBERS_ONLY)) hash = Acts.extend(hash, Acts.membersNamed(billNo, backing.named));
        require(_trails[billNo] == hash, BillsWrongBacking(billNo));
        _terms[billNo] = t.withStatus(STATUS_CANCELLED);
        _record(billNo, abi.encode(BillCancelled.selector, billNo, by)).log3();
        if (backing.invoices.length != 0) _free(billNo, t.payee(), backing.invoices);
    }
}
