// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IBills} from "../bills/IBills.sol";
import {SETTLEMENT_BANK} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {IDepositToken} from "./IDepositToken.sol";

/**
 * @title DepositToken
 * @notice See {IDepositToken}. An ERC-20 whose holders are members, and the ledger of bills, which holds what was paid in
 * to a bill until it is paid out.
 */
contract DepositToken is IDepositToken, ERC20 {
    /// @notice The ledger of bills and of members: the only holder that is no member.
    IBills public immutable bills;
    /// @inheritdoc IDepositToken
    uint16 public immutable currency;
    uint8 private immutable _decimals;

    constructor(
        IBills bills_,
        uint16 currency_,
        uint8 decimals_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) {
        bills = bills_;
        currency = currency_;
        _decimals = decimals_;
    }

    /// @inheritdoc IDepositToken
    function deposit(uint32 member, uint256 amount, bytes32 booking) external {
        address account = bills.accountOf(member);
        (uint32 bank, uint16 roles) = bills.actor(msg.sender);
        require(roles & SETTLEMENT_BANK != 0, DepositTokenNotSettlementBank(bank));
        _mint(account, amount);
        emit Deposited(bank, member, amount, booking);
    }

    /// @inheritdoc IDepositToken
    function redeem(uint32 bank, uint256 amount, bytes32 booking) external {
        (Member member, Member payer) = bills.pair(msg.sender, bank);
        require(payer.hasRole(SETTLEMENT_BANK), DepositTokenNotSettlementBank(bank));
        _burn(msg.sender, amount);
        emit Redeemed(bank, member.number(), amount, booking);
    }

    /// @notice Minor units of the currency (ISO 4217 exponent).
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @dev A suspended member's money rests, but money due to it still reaches it.
    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && from != address(bills)) bills.actor(from);
        if (to != address(0)) {
            // The ledger of bills takes money for a bill, by its own hand: nothing else may come to rest there.
            bool mayReceive = to == address(bills) ? msg.sender == to : bills.numberOf(to) != 0;
            require(mayReceive, DepositTokenNotMember(to));
        }
        super._update(from, to, amount);
    }
}
