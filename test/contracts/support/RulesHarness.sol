// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Parcels} from "../../../contracts/bills/Parcels.sol";
import {LegalDates} from "../../../contracts/rules/LegalDates.sol";

/// @notice Lets tests in TypeScript call what the contracts compute inside.
contract RulesHarness {
    function today() external view returns (uint256) {
        return LegalDates.today();
    }

    function isDate(uint256 instant) external pure returns (bool) {
        return LegalDates.isDate(instant);
    }

    function daysUntil(uint256 due) external view returns (uint256) {
        return LegalDates.daysUntil(due);
    }

    function addMonths(uint256 date, uint256 months) external pure returns (uint256) {
        return LegalDates.addMonths(date, months);
    }

    function share(uint256 first, uint256 end, uint256 total, uint256 whole) external pure returns (uint256) {
        return Parcels.share(first, end, total, whole);
    }

    function payout(
        uint256 first,
        uint256 end,
        uint256 paidIn,
        uint256 paidUpTo,
        uint256 face,
        uint256 available
    ) external pure returns (uint256 amount, uint256 upTo) {
        return Parcels.payout(first, end, paidIn, paidUpTo, face, available);
    }
}
