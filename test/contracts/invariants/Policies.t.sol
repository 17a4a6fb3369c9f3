// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOrgAccount} from "../../../contracts/participants/IOrgAccount.sol";
import {SolidityTest} from "../support/SolidityTest.sol";
import {START, VM} from "../support/World.sol";
import {PolicyHandler} from "./PolicyHandler.sol";

interface IFactory {
    function create(IOrgAccount.Policy calldata policy, bytes32 salt) external returns (address);
}

/// @notice Agrees to everything, and keeps nothing.
contract Sink {
    fallback() external {}
}

/// @notice The handler under a name of this file: invariant runs know no other contracts.
contract Firm is PolicyHandler {
    constructor(IOrgAccount account_, address cash) PolicyHandler(account_, cash) {}
}

/// @notice No sequence of announcements, vetoes, time and expiry locks a firm out, lets fewer act than its policy says, charges less than an act's
/// amount, or changes a policy before its delay is over.
contract PoliciesTest is SolidityTest {
    Firm private _firm;

    function setUp() public {
        VM.warp(START);
        address cash = address(new Sink());
        address reader = _make("CallReader", abi.encode(address(1), cash, address(2), address(3)));
        IFactory factory = IFactory(_make("OrgAccountFactory", abi.encode(reader)));
        IOrgAccount.Policy memory p;
        p.signers = new IOrgAccount.Signer[](3);
        for (uint256 i = 0; i < 3; ++i) {
            p.signers[i].key = abi.encodePacked(VM.addr(0xB0B + i));
            p.signers[i].weight = 1;
        }
        (p.threshold, p.adminThreshold, p.changeDelay) = (2, 2, 1 days);
        _firm = new Firm(IOrgAccount(factory.create(p, 0)), cash);
        targetContract(address(_firm));
        targetSelector(address(_firm), _acts());
    }

    function invariant_aFirmKeepsItsLifeAndItsRules() public {
        _requireAll();
    }

    /// @dev The same with a longer story, in which each act must have come about.
    function testALongStoryHolds() public {
        bytes4[] memory acts = _acts();
        for (uint256 n = 0; n < 2_500; ++n) {
            uint256 seed = uint256(keccak256(abi.encode("policies", n)));
            (bool ok, ) = address(_firm).call(abi.encodeWithSelector(acts[seed % acts.length], seed >> 8));
            require(ok, "the handler itself failed");
            if (n % 10 == 0) _requireAll();
        }
        _requireAll();
        string[6] memory all = ["execute", "announce", "veto", "callOff", "carryOut", "wait"];
        for (uint256 i = 0; i < all.length; ++i) {
            require(_firm.done(all[i]) > 5, string.concat("hardly done: ", all[i]));
        }
    }

    function _requireAll() private {
        string memory mismatch = _firm.mismatch();
        require(bytes(mismatch).length == 0, mismatch);
        _firm.requireLife();
    }

    function _acts() private pure returns (bytes4[] memory acts) {
        acts = new bytes4[](19);
        acts[0] = acts[1] = acts[2] = PolicyHandler.execute.selector;
        acts[3] = acts[4] = PolicyHandler.announce.selector;
        acts[5] = acts[10] = acts[11] = acts[16] = acts[17] = PolicyHandler.veto.selector;
        acts[18] = PolicyHandler.announce.selector;
        acts[12] = acts[13] = acts[14] = acts[15] = PolicyHandler.execute.selector;
        acts[6] = PolicyHandler.callOff.selector;
        acts[7] = PolicyHandler.carryOut.selector;
        acts[8] = acts[9] = PolicyHandler.wait.selector;
    }

    /// @dev From the build that is shipped.
    function _make(string memory name, bytes memory args) private returns (address made) {
        bytes memory code = abi.encodePacked(VM.getCode(string.concat(name, ".sol:", name)), args);
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), name);
    }
}
