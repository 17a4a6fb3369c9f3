// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title ICreditLines
 * @notice How much of an obligor's paper each bank will hold: limit, reserved, used. `used` of a bank on an obligor is, at
 * every moment, the unpaid length of the parcels of that obligor that it bought and still holds.
 */
interface ICreditLines {
    /// @notice One line. Amounts are minor units; `group` 0 is none.
    struct Line {
        uint64 limit;
        uint64 reserved;
        uint64 used;
        uint32 group;
    }

    event LineSet(uint32 indexed bank, uint32 indexed obligor, uint64 limit, uint32 group);
    event GroupLineSet(uint32 indexed bank, uint32 indexed group, uint64 limit);
    event LineReserved(uint32 indexed bank, uint32 indexed obligor, uint64 reserved);
    /// @notice `used` and `reserved` of the line are now these; of its group `groupUsed`.
    event LineMoved(uint32 indexed bank, uint32 indexed obligor, uint64 used, uint64 groupUsed);

    /// @dev `available` is what was left of the line (or of its group's) before.
    error CreditLinesExceeded(uint32 bank, uint32 obligor, uint64 asked, uint64 available);
    error CreditLinesNotBills(address caller);
    error CreditLinesNotBank(uint32 caller);
    /// @dev A line in use cannot change its group.
    error CreditLinesInUse(uint32 bank, uint32 obligor);
    error CreditLinesReservedTooLow(uint32 bank, uint32 obligor, uint64 reserved);

    /// @notice The calling bank sets its limit on an obligor, alone or as one of a group. A limit below what is used
    /// stops new deals and touches nothing else.
    function setLine(uint32 obligor, uint64 limit, uint32 group) external;

    /// @notice The calling bank sets its limit on a group of obligors, by a number of its own choice.
    function setGroupLine(uint32 group, uint64 limit) external;

    /// @notice The calling bank sets aside `amount` of a line for deals under way.
    function reserve(uint32 obligor, uint64 amount) external;

    /// @notice The calling bank gives back `amount` of what it set aside.
    function release(uint32 obligor, uint64 amount) external;

    /// @notice Uses `amount` of a line. Only the ledger of bills.
    function useLine(uint32 bank, uint32 obligor, uint64 amount) external;

    /// @notice Frees `amount` of a line. Only the ledger of bills.
    function freeLine(uint32 bank, uint32 obligor, uint64 amount) external;

    function line(uint32 bank, uint32 obligor) external view returns (Line memory);

    function groupLine(uint32 bank, uint32 group) external view returns (Line memory);
}
