// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IBills} from "../bills/IBills.sol";
import {BillNo, ParcelId} from "../bills/ParcelId.sol";
import {Parcels} from "../bills/Parcels.sol";
import {IDepositToken} from "../cash/IDepositToken.sol";
import {LegalDates} from "../rules/LegalDates.sol";
import {IFinancingDesk} from "./IFinancingDesk.sol";
import {ISaleDesk} from "./ISaleDesk.sol";

/**
 * @title FinancingDesk
 * @notice See {IFinancingDesk}. Called by the ledger of bills, which a holder called: the desk itself owns nothing and may
 * spend a bank's deposits only as far as that bank approved it, at the price of a quote that the bank signed.
 */
contract FinancingDesk is IFinancingDesk, EIP712 {
    using SafeERC20 for IERC20;

    uint8 private constant SCOPE_PARCEL = 0;
    uint8 private constant SCOPE_BILL = 1;
    uint8 private constant SCOPE_OBLIGOR = 2;
    uint256 private constant PPM = 1_000_000;
    /// @dev Of the encoded quote: twelve words.
    uint256 private constant QUOTE_LENGTH = 12 * 32;
    uint64 private constant CANCELLED = type(uint64).max;

    bytes32 private constant QUOTE_TYPEHASH = keccak256(
        "Quote(uint32 bank,uint8 scope,uint128 subject,uint32 seller,uint16 currency,uint56 amount,uint32 ratePpm,uint56 fee,uint8 recourse,bytes32 recourseTerms,uint40 validUntil,uint64 nonce)"
    );

    IDepositToken public immutable cash;
    IBills public immutable bills;
    uint16 private immutable _currency;

    /// @dev Four quotes to a slot, 64 bits each: what was filled (56 bits), or {CANCELLED}. A bank that counts its nonces
    /// up pays for a new slot with every fourth quote only.
    mapping(uint32 bank => mapping(uint64 word => uint256 lanes)) private _fills;

    modifier onlyBills() {
        require(msg.sender == address(bills), FinancingDeskNotBills(msg.sender));
        _;
    }

    constructor(IDepositToken cash_, IBills bills_) EIP712("Tallystick FinancingDesk", "1") {
        cash = cash_;
        bills = bills_;
        _currency = cash_.currency();
    }

    // --- Banks ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IFinancingDesk
    function cancel(uint64 nonce) external {
        // A suspended bank may too: what it signed would stand again when it is restored.
        uint32 bank = bills.numberOf(msg.sender);
        require(bank != 0, FinancingDeskNotMember(msg.sender));
        _setFill(bank, nonce, CANCELLED);
        emit QuoteCancelled(bank, nonce);
    }

    // --- Ledger -----------------------------------------------------------------------------------------------------

    /// @inheritdoc ISaleDesk
    function agree(Sale calldata sale, bytes calldata order) external onlyBills returns (uint256 price) {
        (Quote memory quote, bytes memory signature) = abi.decode(order, (Quote, bytes));
        _requireCovers(quote, sale);
        // What was decoded strictly is the encoding of the quote: it need not be encoded again to be hashed.
        bytes32 digest = _hashTypedDataV4(keccak256(bytes.concat(QUOTE_TYPEHASH, order[:QUOTE_LENGTH])));
        require(
            SignatureChecker.isValidSignatureNow(sale.buyerAccount, digest, signature),
            FinancingDeskInvalidSignature(quote.bank, quote.nonce)
        );

        uint64 before = _fill(quote.bank, quote.nonce);
        (uint256 interest, uint256 fee) = _costs(quote, sale, before == CANCELLED ? 0 : before);
        require(interest + fee < sale.amount, FinancingDeskNoPrice(sale.amount, interest, fee));
        require(
            block.timestamp <= quote.validUntil && before != CANCELLED,
            FinancingDeskQuoteExpired(quote.bank, quote.nonce)
        );
        uint256 after_ = uint256(before) + sale.amount;
        require(
            after_ <= quote.amount,
            FinancingDeskQuoteExceeded(
                quote.bank,
                quote.nonce,
                before < quote.amount ? quote.amount - uint56(before) : 0
            )
        );

        price = sale.amount - interest - fee;
        _setFill(quote.bank, quote.nonce, uint64(after_));
        emit QuoteFilled(
            quote.bank,
            quote.nonce,
            sale.billNo,
            sale.seller,
            sale.first,
            sale.amount,
            quote.ratePpm,
            uint56(interest),
            uint56(fee),
            uint56(price),
            quote.recourse,
            quote.recourseTerms
        );
    }

    /// @inheritdoc ISaleDesk
    function pay(address buyer, address seller, uint256 price) external onlyBills {
        IERC20(address(cash)).safeTransferFrom(buyer, seller, price);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IFinancingDesk
    function filled(uint32 bank, uint64 nonce) external view returns (uint56 amount, bool cancelled) {
        uint64 fill = _fill(bank, nonce);
        return fill == CANCELLED ? (0, true) : (uint56(fill), false);
    }

    /// @inheritdoc IFinancingDesk
    function digestOf(Quote memory quote) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, quote)));
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    function _requireCovers(Quote memory quote, Sale calldata sale) private view {
        uint128 subject =
            quote.scope == SCOPE_PARCEL
                ? ParcelId.unwrap(sale.parcel)
                : quote.scope == SCOPE_BILL
                    ? BillNo.unwrap(sale.billNo)
                    : sale.acceptor;
        require(
            quote.scope <= SCOPE_OBLIGOR &&
                quote.subject == subject &&
                quote.bank == sale.buyer &&
                (quote.seller == 0 || quote.seller == sale.seller) &&
                quote.currency == _currency,
            FinancingDeskQuoteMismatch(quote.bank, quote.nonce)
        );
    }

    /// @dev A part bears what the whole bears more because of it: with R the interest rounded half up it is `R(b+a) − R(b)`
    /// after `before` was filled, and `⌊(b+a)·fee/amount⌋ − ⌊b·fee/amount⌋` of the fee. Slices shed nothing. Products are
    /// below 2^57 · 2^32 · 2^40.
    function _costs(
        Quote memory quote,
        Sale calldata sale,
        uint256 before
    ) private view returns (uint256 interest, uint256 fee) {
        uint256 factor = quote.ratePpm * LegalDates.daysUntil(sale.due);
        uint256 divisor = uint256(sale.basis) * PPM;
        uint256 half = divisor / 2;
        interest = ((before + sale.amount) * factor + half) / divisor - (before * factor + half) / divisor;
        if (quote.amount != 0) fee = Parcels.share(before, before + sale.amount, quote.fee, quote.amount);
    }

    function _fill(uint32 bank, uint64 nonce) private view returns (uint64) {
        return uint64(_fills[bank][nonce >> 2] >> _lane(nonce));
    }

    function _setFill(uint32 bank, uint64 nonce, uint64 fill) private {
        uint256 lanes = _fills[bank][nonce >> 2];
        uint256 lane = _lane(nonce);
        _fills[bank][nonce >> 2] = (lanes & ~(uint256(type(uint64).max) << lane)) | (uint256(fill) << lane);
    }

    function _lane(uint64 nonce) private pure returns (uint256) {
        return uint256(nonce & 3) << 6;
    }
}
