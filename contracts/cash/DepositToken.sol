// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IBills} from "../bills/IBills.sol";
import {SETTLEMENT_BANK} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {IDepositToken} from "./IDepositToken.sol";

/**
 * @title DepositToken
 * @notice See {IDepositToken}. An ERC-20 whose holders are members, the ledger of bills, which holds what was paid in to a bill
 * until it is paid out, and this contract, which holds what is to be redeemed until the bank has answered. The supply is what
 * the banks issued and have not paid out.
 */
contract DepositToken is IDepositToken, ERC20, AccessManaged {
    struct Book {
        uint64 cap;
        uint64 issued;
        uint64 pending;
    }

    struct Redemption {
        uint32 bank;
        uint32 member;
        uint64 amount;
    }

    /// @notice The ledger of bills and of members.
    IBills public immutable bills;
    /// @inheritdoc IDepositToken
    uint16 public immutable currency;
    uint8 private immutable _decimals;

    mapping(uint32 bank => Book) private _books;
    mapping(uint64 number => Redemption) private _redemptions;
    uint64 private _redemptionCount;

    constructor(
        address accessManager,
        IBills bills_,
        uint16 currency_,
        uint8 decimals_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) AccessManaged(accessManager) {
        bills = bills_;
        currency = currency_;
        _decimals = decimals_;
    }

    // --- Governance -------------------------------------------------------------------------------------------------

    /// @inheritdoc IDepositToken
    function setCap(uint32 bank, uint64 cap) external restricted {
        bills.accountOf(bank); // reverts if there is no such member
        _books[bank].cap = cap;
        emit CapSet(bank, cap);
    }

    // --- Deposit and redeem -----------------------------------------------------------------------------------------

    /// @inheritdoc IDepositToken
    function deposit(uint32 member, uint64 amount, bytes32 booking) external {
        address account = bills.accountOf(member);
        (uint32 bank, uint16 roles) = bills.actor(msg.sender);
        require(roles & SETTLEMENT_BANK != 0, DepositTokenNotSettlementBank(bank));
        require(amount != 0, DepositTokenInvalidAmount());
        Book storage b = _books[bank];
        uint64 left = b.cap > b.issued ? b.cap - b.issued : 0;
        require(amount <= left, DepositTokenCapExceeded(bank, amount, left));

        b.issued += amount;
        _mint(account, amount);
        emit Deposited(bank, member, amount, booking);
    }

    /// @inheritdoc IDepositToken
    function requestRedemption(uint32 bank, uint64 amount) external returns (uint64 number) {
        (Member member, Member payer) = bills.pair(msg.sender, bank);
        require(payer.hasRole(SETTLEMENT_BANK), DepositTokenNotSettlementBank(bank));
        require(amount != 0, DepositTokenInvalidAmount());
        Book storage b = _books[bank];
        uint64 left = b.issued - b.pending;
        require(amount <= left, DepositTokenBeyondIssued(bank, amount, left));

        b.pending += amount;
        number = ++_redemptionCount;
        _redemptions[number] = Redemption(bank, member.number(), amount);
        super._update(msg.sender, address(this), amount);
        emit RedemptionRequested(number, bank, member.number(), amount);
    }

    /// @inheritdoc IDepositToken
    function confirmRedemption(uint64 number, bytes32 payment) external {
        Redemption memory r = _answer(number);
        require(payment != 0, DepositTokenReasonMissing(number));
        _books[r.bank].issued -= r.amount;
        super._update(address(this), address(0), r.amount);
        emit RedemptionConfirmed(number, r.bank, r.member, r.amount, payment);
    }

    /// @inheritdoc IDepositToken
    function refuseRedemption(uint64 number, bytes32 reasonHash) external {
        Redemption memory r = _answer(number);
        require(reasonHash != 0, DepositTokenReasonMissing(number));
        super._update(address(this), bills.accountOf(r.member), r.amount);
        emit RedemptionRefused(number, r.bank, r.member, r.amount, reasonHash);
    }

    /// @inheritdoc IDepositToken
    function carryOver(address from, address to) external {
        require(msg.sender == address(bills), DepositTokenNotBills(msg.sender));
        super._update(from, to, balanceOf(from));
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc IDepositToken
    function book(uint32 bank) external view returns (uint64 cap, uint64 issued, uint64 pending) {
        Book memory b = _books[bank];
        return (b.cap, b.issued, b.pending);
    }

    /// @inheritdoc IDepositToken
    function redemption(uint64 number) external view returns (uint32 bank, uint32 member, uint64 amount) {
        Redemption memory r = _redemptions[number];
        return (r.bank, r.member, r.amount);
    }

    /// @notice Minor units of the currency (ISO 4217 exponent).
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev Ends a redemption that waits for the calling bank. It may be suspended: who only pays what it owes need not be active.
    function _answer(uint64 number) private returns (Redemption memory r) {
        uint32 caller = bills.numberOf(msg.sender);
        r = _redemptions[number];
        require(r.amount != 0 && r.bank == caller, DepositTokenNoRedemption(number, caller));
        delete _redemptions[number];
        _books[r.bank].pending -= r.amount;
    }

    /// @dev A suspended member's money rests, nor does it spend what another allowed it; but money due to it still reaches it,
    /// and it may pay in to its bills. What the ledger of bills moves goes to a bill or to a member, and so does what is issued.
    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && msg.sender != address(bills)) {
            require(bills.checkPayment(from, to, msg.sender), DepositTokenNotMember(to));
        }
        super._update(from, to, amount);
    }
}
