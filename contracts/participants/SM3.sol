// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title SM3
 * @notice The hash of GM/T 0004-2012 (GB/T 32905): blocks of 64 bytes, 256 bits of state.
 * @dev Words of 32 bits stand in words of 256. `x * TWICE` has a word twice, side by side, so that a rotation is one shift. What
 * stands above the 32 bits is cut only where it would come down again: before such a product, and at the end. Bitwise operations
 * and sums carry nothing down, and nothing here comes near 2^256.
 */
library SM3 {
    /// @dev The state before the first block.
    uint256 internal constant START = 0x7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e;
    uint256 private constant WORD = 0xffffffff;
    uint256 private constant TWICE = 0x100000001;
    /// @dev The constants of rounds, side by side: shifted right by 64 - j they are turned left by j.
    uint256 private constant EARLY = 0x79cc4519_79cc4519_79cc4519;
    uint256 private constant LATE = 0x7a879d8a_7a879d8a_7a879d8a;

    /// @notice The state after one more block.
    /// @param first The first half of the block, big-endian.
    function compress(uint256 state, uint256 first, uint256 second) internal pure returns (uint256) {
        return _rounds(state, _expand(first, second)) ^ state;
    }

    /// @notice The hash of a message of any length.
    function hash(bytes memory message) internal pure returns (bytes32) {
        uint256 length = message.length;
        bytes memory padded = abi.encodePacked(
            message,
            bytes1(0x80),
            new bytes((119 - (length % 64)) % 64), // zeros up to 8 bytes before the end of a block
            uint64(length * 8)
        );
        uint256 state = START;
        uint256 start;
        assembly ("memory-safe") {
            start := add(padded, 0x20)
        }
        for (uint256 place = start; place < start + padded.length; place += 64) {
            state = compress(state, _load(place), _load(place + 32));
        }
        return bytes32(state);
    }

    /// @dev W, in memory: 16 words of the block, and 52 that follow from them.
    function _expand(uint256 first, uint256 second) private pure returns (uint256 w) {
        unchecked {
            w = _allocate(68 * 32);
            for (uint256 i = 0; i < 256; i += 32) {
                _store(w + i, (first >> (224 - i)) & WORD);
                _store(w + 256 + i, (second >> (224 - i)) & WORD);
            }
            uint256 end = w + 68 * 32;
            for (uint256 place = w + 16 * 32; place < end; place += 32) {
                uint256 x =
                    _load(place - 16 * 32) ^ _load(place - 9 * 32) ^ ((_load(place - 3 * 32) * TWICE) >> 17);
                x &= WORD;
                uint256 twice = x * TWICE;
                x ^= (twice >> 17) ^ (twice >> 9); // P1
                _store(place, (x ^ ((_load(place - 13 * 32) * TWICE) >> 25) ^ _load(place - 6 * 32)) & WORD);
            }
        }
    }

    /// @dev 16 rounds with one pair of Boolean functions, then 48 with another.
    function _rounds(uint256 state, uint256 w) private pure returns (uint256) {
        unchecked {
            uint256 a = state >> 224;
            uint256 b = (state >> 192) & WORD;
            uint256 c = state >> 160;
            uint256 d = state >> 128;
            uint256 e = (state >> 96) & WORD;
            uint256 f = (state >> 64) & WORD;
            uint256 g = state >> 32;
            uint256 h = state;
            for (uint256 turn = 64; turn > 48; --turn) {
                uint256 word = _load(w);
                d += (a ^ b ^ c) + (word ^ _load(w + 128));
                h += (e ^ f ^ g) + word;
                (d, h) = _mix(a, e, EARLY >> turn, d, h);
                (a, b, c, d) = (d, a, (b * TWICE) >> 23, c);
                (e, f, g, h) = (h, e, (f * TWICE) >> 13, g);
                w += 32;
            }
            for (uint256 turn = 48; turn > 0; --turn) {
                uint256 word = _load(w);
                d += ((a & b) | (c & (a | b))) + (word ^ _load(w + 128));
                h += (g ^ (e & (f ^ g))) + word;
                (d, h) = _mix(a, e, LATE >> turn, d, h);
                (a, b, c, d) = (d, a, (b * TWICE) >> 23, c);
                (e, f, g, h) = (h, e, (f * TWICE) >> 13, g);
                w += 32;
            }
            state = (a << 224) | (b << 192) | ((c & WORD) << 160) | ((d & WORD) << 128);
            return state | (e << 96) | (f << 64) | ((g & WORD) << 32) | (h & WORD);
        }
    }

    /// @dev The part that is the same in all rounds: from the sums so far to the new A and E.
    function _mix(
        uint256 a,
        uint256 e,
        uint256 turned,
        uint256 toA,
        uint256 toE
    ) private pure returns (uint256, uint256) {
        unchecked {
            uint256 a12 = (a * TWICE) >> 20;
            uint256 ss1 = (((a12 + e + turned) & WORD) * TWICE) >> 25;
            toE = (toE + ss1) & WORD;
            uint256 twice = toE * TWICE;
            return ((toA + (ss1 ^ a12)) & WORD, (toE ^ (twice >> 23) ^ (twice >> 15)) & WORD); // P0
        }
    }

    // Arrays of Solidity look at their bounds each time, of 900 readings a block.

    function _allocate(uint256 size) private pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := mload(0x40)
            mstore(0x40, add(place, size))
        }
    }

    function _load(uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    function _store(uint256 place, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }
}
