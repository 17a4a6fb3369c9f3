// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IBills} from "../../../contracts/bills/IBills.sol";
import {IBillsRecord} from "../../../contracts/bills/IBillsRecord.sol";
import {IDepositToken} from "../../../contracts/cash/IDepositToken.sol";
import {ICreditLines} from "../../../contracts/finance/ICreditLines.sol";
import {IFinancingDesk} from "../../../contracts/finance/IFinancingDesk.sol";
import {
    BANK,
    CORE_ENTERPRISE,
    PRIVILEGED,
    SETTLEMENT_BANK,
    SUPPLIER
} from "../../../contracts/participants/IParticipants.sol";
import {IRulebook} from "../../../contracts/rules/IRulebook.sol";
import {SolidityTest, Vm} from "./SolidityTest.sol";

Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev Ten in the morning of the legal date 2026-03-03.
uint256 constant START = 1_772_503_200;
uint16 constant CNY = 156;
uint32 constant CORE = 1;
uint32 constant SUPPLIER_1 = 2;
uint32 constant SUPPLIER_2 = 3;
uint32 constant BANK_1 = 4;
uint32 constant BANK_2 = 5;
uint32 constant CORE_2 = 6;
/// @dev Members that hold bills and money; the settlement banks are the two after them.
uint32 constant MEMBERS = 6;
uint32 constant SETTLEMENT = 7;
uint32 constant SETTLEMENT_2 = 8;
/// @dev What a settlement bank may have issued at the beginning.
uint64 constant CAP = 2 ** 63;

/// @notice All contracts of the network.
struct World {
    IAccessManager manager;
    IRulebook rulebook;
    ICreditLines lines;
    IDepositToken cash;
    IBills bills;
    IFinancingDesk desk;
}

/// @dev A member's account is that of a key which follows from its number.
function keyOf(uint32 member) pure returns (uint256) {
    return 0xA11CE + member;
}

function accountOf(uint32 member) pure returns (address) {
    return VM.addr(keyOf(member));
}

/// @notice Makes the network with its members. Who calls it is the operator.
abstract contract WorldTest is SolidityTest {
    function newWorld() internal returns (World memory w) {
        VM.warp(START);
        w.manager = IAccessManager(_make("Governance", abi.encode(address(this))));
        w.rulebook = IRulebook(_make("Rulebook", abi.encode(w.manager)));
        address ribbon = _make("Ribbon", "");
        address bills = _next(3);
        w.lines = ICreditLines(_make("CreditLines", abi.encode(bills)));
        bytes memory cashArgs = abi.encode(w.manager, bills, CNY, 2, "Deposit", "tCNY");
        w.cash = IDepositToken(_make("DepositToken", cashArgs));
        IBillsRecord.Parts memory parts = IBillsRecord.Parts(
            address(w.manager),
            w.rulebook,
            w.lines,
            w.cash,
            ribbon,
            CNY
        );
        address extension = _make("BillsExtension", abi.encode(parts, address(0), address(0), address(0)));
        w.bills = IBills(_make("Bills", abi.encode(extension)));
        require(address(w.bills) == bills, "the ledger is elsewhere");
        w.desk = IFinancingDesk(_make("FinancingDesk", abi.encode(w.cash, bills)));
        w.bills.admitDesk(w.desk);
        w.rulebook.publish(1, uint40(START), 6, 360, 1_000, 0);
        uint16[8] memory roles = [
            CORE_ENTERPRISE,
            SUPPLIER,
            SUPPLIER,
            BANK,
            BANK,
            CORE_ENTERPRISE,
            SETTLEMENT_BANK,
            SETTLEMENT_BANK
        ];
        for (uint32 n = 0; n < roles.length; ++n) {
            w.bills.admit(accountOf(n + 1), roles[n] & ~PRIVILEGED, 0, 0);
            if (roles[n] & PRIVILEGED != 0) w.bills.setPrivileges(n + 1, roles[n]);
        }
        w.cash.setCap(SETTLEMENT, CAP);
        w.cash.setCap(SETTLEMENT_2, CAP);
        for (uint32 member = 1; member <= MEMBERS; ++member) _allow(w, member);
    }

    /// @dev From the build that is shipped, so that the code under test is that, and not compiled with each test.
    function _make(string memory name, bytes memory args) private returns (address made) {
        bytes memory code = abi.encodePacked(VM.getCode(string.concat(name, ".sol:", name)), args);
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), name);
    }

    function _allow(World memory w, uint32 member) private {
        VM.startPrank(accountOf(member));
        w.cash.approve(address(w.desk), type(uint256).max);
        w.cash.approve(address(w.bills), type(uint256).max);
        if (member == BANK_1 || member == BANK_2) w.bills.allowDesk(w.desk, true);
        VM.stopPrank();
    }

    /// @dev The address of the contract that this one makes after `skip` others (RLP of a nonce below 128).
    function _next(uint256 skip) private view returns (address) {
        uint64 nonce = VM.getNonce(address(this)) + uint64(skip);
        require(nonce < 128, "too many contracts");
        return
            address(
                uint160(uint256(keccak256(abi.encodePacked(bytes2(0xd694), address(this), uint8(nonce)))))
            );
    }
}
