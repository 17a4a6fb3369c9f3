// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SM3} from "./SM3.sol";

/**
 * @title SM2
 * @notice Signatures of GM/T 0003.2-2012 (GB/T 32918.2) on the curve of its part 5, sm2p256v1, over SM3 with the signer's ZA.
 *
 * (r, s) is right for a message with hash e and a key Q when x(s·G + (r + s)·Q) ≡ r - e (mod n). Nobody makes a second signature
 * out of a first: for the same r, the point is s·(G + Q) + r·Q, and it has the same x for one other s alone, s' = -s - 2·r·d/(1 + d)
 * (mod n), which tells the private key d; for another r, a point has to be found whose x is r' - e, which is to forge. So there is
 * no rule of a low s as ECDSA has one (n - s is simply wrong), and 64 bytes are the one form. The holder of the key can sign the
 * same message as often as it likes, as with ECDSA.
 * @dev Points are Jacobian: (X / Z², Y / Z³), Z = 0 at infinity. Formulas: dbl-2001-b (as a = -3) and add-1998-cmo-2 of the
 * Explicit-Formulas Database. The curve has prime order: every point on it but infinity is of order n, and none of order 2.
 */
library SM2 {
    uint256 internal constant P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff;
    uint256 internal constant N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123;
    uint256 private constant B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93;
    uint256 private constant MINUS_HALF = (P - 1) / 2;
    uint256 private constant GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7;
    uint256 private constant GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0;

    /// @dev State of SM3 after the first 128 bytes of what ZA is the hash of, which are the same for every key: the length of
    /// the identity in bits, "1234567812345678", a, b, GX and the first 14 bytes of GY.
    uint256 private constant ZA_STATE = 0xadadedb50446043f08a87acee86d22438e232383bfc81fe2cf9117c84707011d;

    struct Point {
        uint256 x;
        uint256 y;
        uint256 z;
    }

    /// @notice What is signed for a message of 32 bytes: SM3(ZA ‖ message), for the identity "1234567812345678".
    function hashOf(bytes32 message, uint256 x, uint256 y) internal pure returns (uint256) {
        // The last 82 bytes: 18 of GY, x, y; padding; the length of all 210 in bits.
        uint256 za = SM3.compress(
            ZA_STATE,
            ((GY & (2 ** 144 - 1)) << 112) | (x >> 144),
            (x << 112) | (y >> 144)
        );
        za = SM3.compress(za, (y << 112) | (1 << 111), 210 * 8);
        uint256 e = SM3.compress(SM3.START, za, uint256(message));
        return SM3.compress(e, 1 << 255, 64 * 8);
    }

    /// @notice Whether (r, s) signs the hash `e` for the key (x, y).
    function verify(uint256 e, uint256 r, uint256 s, uint256 x, uint256 y) internal pure returns (bool) {
        if (r == 0 || r >= N || s == 0 || s >= N || !isOnCurve(x, y)) return false;
        uint256 t = addmod(r, s, N);
        if (t == 0) return false;
        (uint256 foundX, uint256 foundZ) = _sum(s, t, x, y);
        if (foundZ == 0) return false;
        unchecked {
            // x = X / Z² is r - e or, as n < p, n more: compared without dividing.
            uint256 wanted = addmod(r, N - (e % N), N);
            uint256 zz = mulmod(foundZ, foundZ, P);
            if (mulmod(wanted, zz, P) == foundX) return true;
            return wanted < P - N && mulmod(wanted + N, zz, P) == foundX;
        }
    }

    /// @notice Whether (x, y) is a point of the curve, its coordinates below p.
    function isOnCurve(uint256 x, uint256 y) internal pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 right = addmod(mulmod(addmod(mulmod(x, x, P), P - 3, P), x, P), B, P); // (x² - 3)·x + b
        return mulmod(y, y, P) == right;
    }

    // --- Private ----------------------------------------------------------------------------------------------------

    /// @dev u·G + v·Q, two bits of both at a time (Shamir), without its y.
    function _sum(uint256 u, uint256 v, uint256 qx, uint256 qy) private pure returns (uint256, uint256) {
        Point[16] memory table = _multiples(qx, qy);
        (uint256 x, uint256 y, uint256 z) = (0, 0, 0);
        unchecked {
            for (uint256 i = 0; i < 128; ++i) {
                if (z != 0) {
                    (x, y, z) = _double(x, y, z);
                    (x, y, z) = _double(x, y, z);
                }
                Point memory p = table[((u >> 252) & 12) | (v >> 254)];
                if (z == 0) (x, y, z) = (p.x, p.y, p.z);
                else if (p.z != 0) (x, y, z) = _add(p, x, y, z);
                u <<= 2;
                v <<= 2;
            }
        }
        return (x, z);
    }

    /// @dev i·G + j·Q stands at 4·i + j. The sums are of points other than infinity, and may themselves be infinity.
    function _multiples(uint256 qx, uint256 qy) private pure returns (Point[16] memory table) {
        table[1] = Point(qx, qy, 1);
        table[4] = Point(GX, GY, 1);
        for (uint256 i = 1; i < 5; i += 3) {
            (uint256 x, uint256 y, uint256 z) = _double(table[i].x, table[i].y, 1);
            table[2 * i] = Point(x, y, z);
            (x, y, z) = _add(table[i], x, y, z);
            table[3 * i] = Point(x, y, z);
        }
        for (uint256 j = 1; j < 4; ++j) {
            Point memory p = table[j];
            for (uint256 i = 4; i < 16; i += 4) {
                (uint256 x, uint256 y, uint256 z) = _add(table[i], p.x, p.y, p.z);
                table[i + j] = Point(x, y, z);
            }
        }
    }

    function _double(
        uint256 x,
        uint256 y,
        uint256 z
    ) private pure returns (uint256 x3, uint256 y3, uint256 z3) {
        unchecked {
            y = addmod(y, y, P);
            z3 = mulmod(y, z, P);
            y = mulmod(y, y, P); // 4·y²
            z = mulmod(z, z, P);
            uint256 alpha = mulmod(3, mulmod(addmod(x, P - z, P), addmod(x, z, P), P), P); // 3·(x² - z⁴)
            uint256 beta4 = mulmod(x, y, P); // 4·x·y²
            x3 = addmod(mulmod(alpha, alpha, P), mulmod(P - 2, beta4, P), P);
            y3 = addmod(
                mulmod(alpha, addmod(beta4, P - x3, P), P),
                mulmod(MINUS_HALF, mulmod(y, y, P), P), // -8·y⁴
                P
            );
        }
    }

    /// @dev Of points other than infinity, be they the same, or opposite (then z is 0).
    function _add(
        Point memory p,
        uint256 x,
        uint256 y,
        uint256 z
    ) private pure returns (uint256 x3, uint256 y3, uint256 z3) {
        unchecked {
            (uint256 u, uint256 s, uint256 h, uint256 r) = _compare(p, x, y, z);
            if (h == 0 && r == 0) return _double(x, y, z);
            z3 = mulmod(h, mulmod(p.z, z, P), P);
            uint256 hh = mulmod(h, h, P);
            u = mulmod(u, hh, P);
            h = mulmod(P - h, hh, P); // -h³
            x3 = addmod(addmod(mulmod(r, r, P), h, P), mulmod(P - 2, u, P), P);
            y3 = addmod(mulmod(r, addmod(u, P - x3, P), P), mulmod(s, h, P), P);
        }
    }

    /// @dev x and y of the first over a common denominator, and how much those of the second are more.
    function _compare(
        Point memory p,
        uint256 x,
        uint256 y,
        uint256 z
    ) private pure returns (uint256 u, uint256 s, uint256 h, uint256 r) {
        unchecked {
            uint256 z1 = p.z;
            uint256 zz1 = mulmod(z1, z1, P);
            uint256 zz = mulmod(z, z, P);
            u = mulmod(p.x, zz, P);
            s = mulmod(p.y, mulmod(zz, z, P), P);
            h = addmod(mulmod(x, zz1, P), P - u, P);
            r = addmod(mulmod(y, mulmod(zz1, z1, P), P), P - s, P);
        }
    }
}
