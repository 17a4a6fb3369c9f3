// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IParticipants, SETTLEMENT_BANK} from "../participants/IParticipants.sol";
import {Party} from "../participants/Party.sol";
import {IDepositToken} from "./IDepositToken.sol";

/**
 * @title DepositToken
 * @notice See {IDepositToken}. An ERC-20 whose holders are members, and the ledger of bills, which holds what was paid in
 * to a bill until it is paid out.
 */
contract DepositToken is IDepositToken, ERC20 {
    IParticipants public immutable participants;
    /// @notice The ledger of bills: the only holder that is no member.
    address public immutable bills;
    /// @inheritdoc IDepositToken
    uint16 public immutable currency;
    uint8 private immutable _decimals;

    constructor(
        IParticipants participants_,
        address bills_,
        uint16 currency_,
        uint8 decimals_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) {
        participants = participants_;
        bills = bills_;
        currency = currency_;
        _decimals = decimals_;
    }

    /// @inheritdoc IDepositToken
    function deposit(uint32 member, uint256 amount, bytes32 booking) external {
        address account = participants.accountOf(member);
        (uint32 bank, uint16 roles) = participants.actor(msg.sender);
        require(roles & SETTLEMENT_BANK != 0, DepositTokenNotSettlementBank(bank));
        _mint(account, amount);
        emit Deposited(bank, member, amount, booking);
    }

    /// @inheritdoc IDepositToken
    function redeem(uint32 bank, uint256 amount, bytes32 booking) external {
        (Party member, Party payer) = participants.pair(msg.sender, bank);
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
        if (from != address(0) && from != bills) participants.actor(from);
        if (to != address(0)) {
            // The ledger of bills takes money for a bill, by its own hand: nothing else may come to rest there.
            bool mayReceive = to == bills ? msg.sender == bills : participants.numberOf(to) != 0;
            require(mayReceive, DepositTokenNotMember(to));
        }
        super._update(from, to, amount);
    }
}
