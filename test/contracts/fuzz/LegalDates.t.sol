// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LegalDates} from "../../../contracts/rules/LegalDates.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

/// @notice Legal dates against a calendar that counts day by day.
contract LegalDatesTest is SolidityTest {
    uint256 private constant DAY = 86_400;
    /// @dev 2024-01-01 in Asia/Shanghai.
    uint256 private constant EPOCH = 1_704_038_400;

    function testTodayIsTheDateThatTheClockIsIn(uint256 instant) public {
        instant = bound(instant, EPOCH, EPOCH + 100 * 365 * DAY);
        vm.warp(instant);
        uint256 today = LegalDates.today();
        require(today <= instant && instant - today < DAY, "within its day");
        require((today - EPOCH) % DAY == 0 && LegalDates.isDate(today), "begins when days begin");
    }

    function testNoOtherInstantBeginsADate(uint256 day, uint256 second) public pure {
        uint256 date = EPOCH + bound(day, 0, 40_000) * DAY;
        require(
            LegalDates.isDate(date) && !LegalDates.isDate(date + bound(second, 1, DAY - 1)),
            "the first second"
        );
    }

    function testDaysAreCountedWhateverTheHour(uint256 day, uint256 second, uint256 later) public {
        later = bound(later, 1, 400);
        uint256 date = EPOCH + bound(day, 0, 40_000) * DAY;
        vm.warp(date + bound(second, 0, DAY - 1));
        require(LegalDates.daysUntil(date + later * DAY) == later, "the first counted, the last not");
    }

    function testMonthsKeepTheDayOrTakeTheLast(uint256 day, uint256 months) public pure {
        day = bound(day, 0, 1_500);
        months = bound(months, 1, 12);
        (uint256 year, uint256 month, uint256 dayOfMonth) = _dateOf(day);
        (uint256 y, uint256 m, uint256 d) = _dateOf(
            (LegalDates.addMonths(EPOCH + day * DAY, months) - EPOCH) / DAY
        );
        require(y * 12 + m == year * 12 + month + months, "so many months on");
        uint256 last = _length(y, m);
        require(d == (dayOfMonth < last ? dayOfMonth : last), "same day, or the last");
    }

    /// @dev Year, month and day of the date `day` days after 2024-01-01, month by month.
    function _dateOf(uint256 day) private pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        (year, month) = (2024, 1);
        while (day >= _length(year, month)) {
            day -= _length(year, month);
            (year, month) = month == 12 ? (year + 1, uint256(1)) : (year, month + 1);
        }
        return (year, month, day + 1);
    }

    function _length(uint256 year, uint256 month) private pure returns (uint256) {
        if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }
}
