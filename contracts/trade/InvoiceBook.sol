// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BillNo} from "../bills/ParcelId.sol";
import {IInvoiceRegistry} from "./IInvoiceRegistry.sol";

/**
 * @title InvoiceBook
 * @notice See {IInvoiceRegistry}. A part of the ledger of bills, which frees only what it proves to have used.
 */
abstract contract InvoiceBook {
    struct Usage {
        uint56 total;
        uint56 used;
    }

    mapping(uint32 payee => mapping(bytes32 invoiceId => Usage)) internal _usages;

    /// @dev Uses invoices for a bill.
    function _back(BillNo billNo, uint32 payee, IInvoiceRegistry.InvoiceUse[] calldata uses) internal {
        for (uint256 i = 0; i < uses.length; ++i) {
            IInvoiceRegistry.InvoiceUse calldata u = uses[i];
            Usage memory book = _usages[payee][u.invoiceId];
            // The total of an invoice that nobody uses is not binding: who used and freed it may have misstated it.
            bool fits = (book.used == 0 || book.total == u.total) && uint256(book.used) + u.amount <= u.total;
            require(fits, IInvoiceRegistry.InvoiceRegistryOccupied(u.invoiceId, book.total, book.used));
            uint56 used = book.used + u.amount;
            _usages[payee][u.invoiceId] = Usage(u.total, used);
            emit IInvoiceRegistry.InvoiceBacked(u.invoiceId, billNo, u.total, u.amount, used);
        }
    }

    /// @dev Takes back what {_back} did for a bill that came to nothing.
    function _free(BillNo billNo, uint32 payee, IInvoiceRegistry.InvoiceUse[] calldata uses) internal {
        for (uint256 i = 0; i < uses.length; ++i) {
            IInvoiceRegistry.InvoiceUse calldata u = uses[i];
            uint56 used = _usages[payee][u.invoiceId].used - u.amount;
            _usages[payee][u.invoiceId].used = used;
            emit IInvoiceRegistry.InvoiceFreed(u.invoiceId, billNo, u.amount, used);
        }
    }
}
