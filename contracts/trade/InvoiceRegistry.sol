// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BillNo} from "../bills/ParcelId.sol";
import {IInvoiceRegistry} from "./IInvoiceRegistry.sol";

/**
 * @title InvoiceRegistry
 * @notice See {IInvoiceRegistry}. Trusts the ledger of bills alone, which frees only what it proves to have used.
 */
contract InvoiceRegistry is IInvoiceRegistry {
    struct Usage {
        uint56 total;
        uint56 used;
    }

    address public immutable bills;

    mapping(bytes32 invoiceId => Usage) private _usages;

    modifier onlyBills() {
        require(msg.sender == bills, InvoiceRegistryNotBills(msg.sender));
        _;
    }

    constructor(address bills_) {
        bills = bills_;
    }

    /// @inheritdoc IInvoiceRegistry
    function back(BillNo billNo, InvoiceUse[] calldata uses) external onlyBills {
        for (uint256 i = 0; i < uses.length; ++i) {
            InvoiceUse calldata u = uses[i];
            Usage memory book = _usages[u.invoiceId];
            // The total of an invoice that nobody uses is not binding: who used and freed it may have misstated it.
            bool fits = (book.used == 0 || book.total == u.total) && uint256(book.used) + u.amount <= u.total;
            require(fits, InvoiceRegistryOccupied(u.invoiceId, book.total, book.used));
            uint56 used = book.used + u.amount;
            _usages[u.invoiceId] = Usage(u.total, used);
            emit InvoiceBacked(u.invoiceId, billNo, u.total, u.amount, used);
        }
    }

    /// @inheritdoc IInvoiceRegistry
    function free(BillNo billNo, InvoiceUse[] calldata uses) external onlyBills {
        for (uint256 i = 0; i < uses.length; ++i) {
            InvoiceUse calldata u = uses[i];
            uint56 used = _usages[u.invoiceId].used - u.amount;
            _usages[u.invoiceId].used = used;
            emit InvoiceFreed(u.invoiceId, billNo, u.amount, used);
        }
    }

    /// @inheritdoc IInvoiceRegistry
    function usage(bytes32 invoiceId) external view returns (uint56 total, uint56 used) {
        Usage memory book = _usages[invoiceId];
        return (book.total, book.used);
    }
}
