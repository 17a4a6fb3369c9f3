// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Parcels} from "../../../contracts/bills/Parcels.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

/// @notice The rounding of shares and payouts, over all numbers that a bill can have.
contract ParcelsTest is SolidityTest {
    uint256 private constant MAX = type(uint56).max;
    uint256 private constant PIECES = 5;

    function testSharesOfAnyDivisionAddUp(uint256 face, uint256 total, uint256[4] memory cuts) public pure {
        face = bound(face, 1, MAX);
        total = bound(total, 0, MAX);
        uint256[6] memory ends = _ends(face, cuts);
        uint256 sum;
        for (uint256 i = 0; i < PIECES; ++i) {
            uint256 share = Parcels.share(ends[i], ends[i + 1], total, face);
            // Less than one unit away from the exact fraction, in products.
            uint256 exact = (ends[i + 1] - ends[i]) * total;
            require(share * face < exact + face && exact < share * face + face, "near its fraction");
            sum += share;
        }
        require(sum == total, "shares add up to the total");
    }

    /// @dev Sums come in one after the other, holders are paid in any order and some not every time: never more goes out
    /// than came in, nobody gets more than its piece, and once all is in everybody has all.
    function testPayoutsNeverExceedAndHeal(
        uint256 face,
        uint256[4] memory cuts,
        uint256[6] memory sums,
        uint256 order
    ) public pure {
        face = bound(face, 1, order % 2 == 0 ? 40 : MAX);
        uint256[6] memory ends = _ends(face, cuts);
        uint256[PIECES] memory upTo;
        uint256[PIECES] memory got;
        (uint256 paidIn, uint256 paidOut) = (0, 0);
        for (uint256 n = 0; n <= sums.length; ++n) {
            paidIn = n == sums.length ? face : paidIn + bound(sums[n], 0, face - paidIn);
            for (uint256 k = 0; k < PIECES; ++k) {
                uint256 i = (k + (order % PIECES) + n) % PIECES;
                bool isSkipped = n < sums.length && (order >> (n * PIECES + k + 8)) & 1 == 1;
                if (ends[i] == ends[i + 1] || isSkipped) continue;
                (uint256 amount, uint256 next) = Parcels.payout(
                    ends[i],
                    ends[i + 1],
                    paidIn,
                    upTo[i],
                    face,
                    paidIn - paidOut
                );
                require(next >= upTo[i] && next <= paidIn, "paid up to a sum that came in");
                require(amount <= paidIn - paidOut, "not more than there is");
                (upTo[i], got[i], paidOut) = (next, got[i] + amount, paidOut + amount);
                require(
                    got[i] == _share(ends[i], ends[i + 1], next, face),
                    "has the share of what it is paid up to"
                );
            }
        }
        for (uint256 i = 0; i < PIECES; ++i) require(got[i] == ends[i + 1] - ends[i], "all at the end");
        require(paidOut == face, "the face at the end");
    }

    /// @dev Cut after it was paid, the two pieces together had what the whole had.
    function testACutLosesNothing(
        uint256 first,
        uint256 cut,
        uint256 end,
        uint256 upTo,
        uint256 face
    ) public pure {
        face = bound(face, 3, MAX);
        first = bound(first, 0, face - 2);
        end = bound(end, first + 2, face);
        cut = bound(cut, first + 1, end - 1);
        upTo = bound(upTo, 0, face);
        uint256 parts = Parcels.share(first, cut, upTo, face) + Parcels.share(cut, end, upTo, face);
        require(parts == Parcels.share(first, end, upTo, face), "the parts are the whole");
    }

    /// @dev Told apart from the contracts: how many whole sums lie below the end and not below the beginning.
    function _share(uint256 first, uint256 end, uint256 total, uint256 face) private pure returns (uint256) {
        return (end * total - ((end * total) % face) - (first * total - ((first * total) % face))) / face;
    }

    function _ends(uint256 face, uint256[4] memory cuts) private pure returns (uint256[6] memory ends) {
        for (uint256 i = 0; i < 4; ++i) ends[i + 1] = bound(cuts[i], 0, face);
        ends[5] = face;
        for (uint256 i = 1; i < 5; ++i) {
            for (uint256 k = i; k > 1 && ends[k] < ends[k - 1]; --k) {
                (ends[k], ends[k - 1]) = (ends[k - 1], ends[k]);
            }
        }
    }
}
