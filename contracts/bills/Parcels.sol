// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title Parcels
 * @notice Interval arithmetic over a bill's line `[0, face)`: what a piece is owed. Pure, and nothing else.
 * @dev All amounts are minor units below 2^56, so products stay below 2^112.
 */
library Parcels {
    /// @notice `⌊end·total/whole⌋ − ⌊first·total/whole⌋`: the part `[first, end)` of `total` divided over `whole`.
    /// The shares of any division of the whole add up to exactly `total`.
    function share(uint256 first, uint256 end, uint256 total, uint256 whole) internal pure returns (uint256) {
        return (end * total) / whole - (first * total) / whole;
    }

    /**
     * @notice What the cents `[first, end)` get now that `paidIn` of `face` has come in, when they were last paid at
     * `paidUpTo`; and the sum that they are paid up to afterwards.
     * @param available What of `paidIn` has not been paid out yet.
     *
     * @dev Usually `share(paidIn) − share(paidUpTo)`. Two corners, both of a cent or so, both healed when the bill is
     * paid in full, where every share is the length of its piece:
     *
     * 1) A share can fall by one cent while the sum grows (face 10, cent [3,4): 1 of 3 paid in, 0 of 4). Such a piece
     *    was paid ahead: it keeps what it has and what it remembers.
     * 2) Somebody else's share rose by that cent, which the bill does not hold yet. The piece that meets the empty
     *    till is paid up to an earlier sum, whose share is smaller by at least what is short: a share is less than
     *    one cent away from `length·sum/face`, so going back by `(short + 2)·face/length` is enough.
     */
    function payout(
        uint256 first,
        uint256 end,
        uint256 paidIn,
        uint256 paidUpTo,
        uint256 face,
        uint256 available
    ) internal pure returns (uint256 amount, uint256 upTo) {
        uint256 had = share(first, end, paidUpTo, face);
        uint256 has = share(first, end, paidIn, face);
        if (has < had) return (0, paidUpTo);
        if (has - had <= available) return (has - had, paidIn);

        uint256 back = ((has - had - available + 2) * face) / (end - first) + 1;
        if (back > paidIn || paidIn - back <= paidUpTo) return (0, paidUpTo);
        upTo = paidIn - back;
        has = share(first, end, upTo, face);
        return has <= had ? (0, paidUpTo) : (has - had, upTo);
    }
}
