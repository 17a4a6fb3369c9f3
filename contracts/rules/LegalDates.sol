// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DateTimeLib} from "solady/src/utils/DateTimeLib.sol";

/**
 * @title LegalDates
 * @notice Legal dates in Asia/Shanghai (UTC+8, no daylight saving), as the instant at which the date begins.
 */
library LegalDates {
    uint256 private constant OFFSET = 8 hours;

    /// @notice The instant at which today's legal date began.
    function today() internal view returns (uint256) {
        return ((block.timestamp + OFFSET) / 1 days) * 1 days - OFFSET;
    }

    /// @notice Whether an instant is the beginning of a legal date.
    function isDate(uint256 instant) internal pure returns (bool) {
        return (instant + OFFSET) % 1 days == 0;
    }

    /// @notice Legal dates from today to `due`, a later date: the first counted, the last not (算头不算尾).
    function daysUntil(uint256 due) internal view returns (uint256) {
        return (due - today()) / 1 days;
    }

    /// @notice The same day of the month `months` on, or that month's last day if there is none (票据法 107).
    function addMonths(uint256 date, uint256 months) internal pure returns (uint256) {
        return DateTimeLib.addMonths(date + OFFSET, months) - OFFSET;
    }
}
