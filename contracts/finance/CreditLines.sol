// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBills} from "../bills/IBills.sol";
import {BANK} from "../participants/IParticipants.sol";
import {ICreditLines} from "./ICreditLines.sol";

/**
 * @title CreditLines
 * @notice See {ICreditLines}. Only the ledger of bills moves `used`, in the same transaction that moves the title, so
 * there is no path on which the two could part.
 */
contract CreditLines is ICreditLines {
    IBills public immutable bills;

    mapping(uint32 bank => mapping(uint32 obligor => Line)) private _lines;
    mapping(uint32 bank => mapping(uint32 group => Line)) private _groupLines;

    modifier onlyBills() {
        require(msg.sender == address(bills), CreditLinesNotBills(msg.sender));
        _;
    }

    constructor(IBills bills_) {
        bills = bills_;
    }

    // --- Banks ------------------------------------------------------------------------------------------------------

    /// @inheritdoc ICreditLines
    function setLine(uint32 obligor, uint64 limit, uint32 group) external {
        bills.accountOf(obligor); // reverts if there is no such member
        uint32 bank = _callingBank();
        Line storage l = _lines[bank][obligor];
        require(l.group == group || (l.used == 0 && l.reserved == 0), CreditLinesInUse(bank, obligor));
        (l.limit, l.group) = (limit, group);
        emit LineSet(bank, obligor, limit, group);
    }

    /// @inheritdoc ICreditLines
    function setGroupLine(uint32 group, uint64 limit) external {
        uint32 bank = _callingBank();
        _groupLines[bank][group].limit = limit;
        emit GroupLineSet(bank, group, limit);
    }

    /// @inheritdoc ICreditLines
    function reserve(uint32 obligor, uint64 amount) external {
        uint32 bank = _callingBank();
        Line storage l = _lines[bank][obligor];
        _requireAvailable(l, bank, obligor, amount);
        l.reserved += amount;
        if (l.group != 0) {
            Line storage g = _groupLines[bank][l.group];
            _requireAvailable(g, bank, obligor, amount);
            g.reserved += amount;
        }
        emit LineReserved(bank, obligor, l.reserved);
    }

    /// @inheritdoc ICreditLines
    function release(uint32 obligor, uint64 amount) external {
        uint32 bank = _callingBank();
        Line storage l = _lines[bank][obligor];
        require(amount <= l.reserved, CreditLinesReservedTooLow(bank, obligor, l.reserved));
        l.reserved -= amount;
        if (l.group != 0) _groupLines[bank][l.group].reserved -= amount;
        emit LineReserved(bank, obligor, l.reserved);
    }

    // --- Ledger -----------------------------------------------------------------------------------------------------

    /// @inheritdoc ICreditLines
    function useLine(uint32 bank, uint32 obligor, uint64 amount) external onlyBills {
        Line storage l = _lines[bank][obligor];
        Line memory before = l;
        _requireAvailable(before, bank, obligor, amount);
        uint64 used = before.used + amount;
        l.used = used;
        uint64 groupUsed;
        if (before.group != 0) {
            Line storage g = _groupLines[bank][before.group];
            _requireAvailable(g, bank, obligor, amount);
            groupUsed = (g.used += amount);
        }
        emit LineMoved(bank, obligor, used, groupUsed);
    }

    /// @inheritdoc ICreditLines
    function freeLine(uint32 bank, uint32 obligor, uint64 amount) external onlyBills {
        Line storage l = _lines[bank][obligor];
        l.used -= amount;
        uint64 groupUsed;
        if (l.group != 0) groupUsed = (_groupLines[bank][l.group].used -= amount);
        emit LineMoved(bank, obligor, l.used, groupUsed);
    }

    // --- Views ------------------------------------------------------------------------------------------------------

    /// @inheritdoc ICreditLines
    function line(uint32 bank, uint32 obligor) external view returns (Line memory) {
        return _lines[bank][obligor];
    }

    /// @inheritdoc ICreditLines
    function groupLine(uint32 bank, uint32 group) external view returns (Line memory) {
        return _groupLines[bank][group];
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    function _callingBank() private view returns (uint32 bank) {
        uint16 roles;
        (bank, roles) = bills.actor(msg.sender);
        require(roles & BANK != 0, CreditLinesNotBank(bank));
    }

    function _requireAvailable(Line memory l, uint32 bank, uint32 obligor, uint64 amount) private pure {
        uint256 taken = uint256(l.used) + l.reserved;
        uint64 available = taken < l.limit ? uint64(l.limit - taken) : 0;
        require(amount <= available, CreditLinesExceeded(bank, obligor, amount, available));
    }
}
