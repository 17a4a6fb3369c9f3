// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecoveries, RECOVERY_DELAY, RECOVERY_END} from "../../../contracts/participants/IRecoveries.sol";
import {accountOf, BANK_1, BANK_2, CORE_2, SUPPLIER_1, World, WorldTest} from "../support/World.sol";

/// @notice Anybody does anything that concerns a recovery, in any order and at any time; a book kept apart says whether the member
/// may have moved. `SUPPLIER_1` is the member; `BANK_1`, `BANK_2` and `CORE_2` come and go as its helper.
contract RecoveriesTest is WorldTest {
    struct Word {
        address to;
        uint256 since;
        uint32 helper;
    }

    uint32 private constant LOST = SUPPLIER_1;
    uint256 private constant STEPS = 120;

    World private w;
    Word private byHelper;
    Word private byOperator;
    /// @dev When the helper became it, was suspended or moved, or the member stopped or moved: words of before do not count.
    mapping(uint32 helper => uint256) private brokenAt;
    uint256 private stoppedAt;
    uint32 private present;
    uint32 private next;
    uint256 private nextFrom;
    /// @dev Accounts by member: helpers and the member itself move.
    mapping(uint32 member => address) private accounts;
    uint160 private freshCount;
    uint256 private recoveries;
    uint256 private random;

    function setUp() external {
        w = newWorld();
        for (uint32 n = 1; n <= CORE_2; ++n) accounts[n] = accountOf(n);
    }

    /// @notice Whoever moved the member without its keys had both words for seven days, and nobody stopped it.
    function test_movesWithBothWords(uint256 seed) external {
        _live(seed, true, true);
    }

    function test_helpersAloneMoveNobody(uint256 seed) external {
        _live(seed, true, false);
        require(recoveries == 0, "moved without the operator");
    }

    function test_operatorAloneMovesNobody(uint256 seed) external {
        _live(seed, false, true);
        require(recoveries == 0, "moved without the helper");
    }

    /// @dev That the stories above do come to recoveries.
    function test_isDoneInSomeStories() external {
        for (uint256 seed = 1; seed <= 12; ++seed) _live(seed, true, true);
        require(recoveries > 3, "no story comes to a recovery");
    }

    function _live(uint256 seed, bool withHelpers, bool withOperator) private {
        random = seed;
        for (uint256 n = 0; n < STEPS; ++n) {
            vm.warp(block.timestamp + _draw(3) * 1 days + _draw(3) * 3 hours);
            uint256 act = _draw(14);
            if (act == 0 && (present == 0 || _draw(4) == 0)) _names(_helper());
            else if (act <= 3 && withHelpers && _draw(2) == 0) _proposes(_helper());
            else if (act == 4 && withOperator) _operatorProposes();
            else if (act == 7 && withHelpers && _draw(4) == 0) _withdraws(_helper());
            else if (act == 8 && withOperator && _draw(4) == 0) _operatorWithdraws();
            else if (act == 9 && _draw(6) == 0) _stops();
            else if (act == 10 && _draw(6) == 0) _suspends(_helper());
            else if (act == 11 && _draw(6) == 0) _moves(_draw(2) == 0 ? LOST : _helper());
            else if (act >= 12 || act == 5) _completes();
            require(w.bills.accountOf(LOST) == accounts[LOST], "moved unseen");
            _turn();
        }
    }

    // --- Acts -------------------------------------------------------------------------------------------------------

    function _names(uint32 helper) private {
        if (!_from(accounts[LOST], abi.encodeCall(IRecoveries.nameHelper, (helper)))) return;
        (next, nextFrom) = (helper, block.timestamp + RECOVERY_DELAY);
    }

    function _proposes(uint32 helper) private {
        address to = _fresh();
        bool done = _from(accounts[helper], abi.encodeCall(IRecoveries.proposeRecovery, (LOST, to)));
        require(!done || helper == present, "proposed by one who does not help");
        if (done) byHelper = Word(to, block.timestamp, helper);
    }

    function _operatorProposes() private {
        address to = _fresh();
        bytes memory call = abi.encodeCall(
            IRecoveries.proposeRecoveryAsOperator,
            (LOST, to, bytes32("lost"))
        );
        if (_from(address(this), call)) byOperator = Word(to, block.timestamp, 0);
    }

    function _withdraws(uint32 helper) private {
        bool done = _from(accounts[helper], abi.encodeCall(IRecoveries.withdrawRecovery, (LOST)));
        require(!done || helper == byHelper.helper, "withdrew another's");
        if (done) delete byHelper;
    }

    function _operatorWithdraws() private {
        if (_from(address(this), abi.encodeCall(IRecoveries.withdrawRecoveryAsOperator, (LOST))))
            delete byOperator;
    }

    function _stops() private {
        if (_from(accounts[LOST], abi.encodeCall(IRecoveries.stopRecovery, (LOST)))) _void();
    }

    function _suspends(uint32 helper) private {
        w.bills.suspend(helper, bytes32("order"));
        w.bills.restore(helper, bytes32("order"));
        brokenAt[helper] = block.timestamp;
    }

    function _moves(uint32 member) private {
        address to = address(uint160(0xF00D0000) + freshCount++);
        vm.prank(accounts[member]);
        w.bills.moveAccount(to);
        vm.prank(to);
        w.bills.acceptAccount(member);
        accounts[member] = to;
        if (member == LOST) _void();
        else brokenAt[member] = block.timestamp;
    }

    function _completes() private {
        address to = _fresh();
        uint256 balance = w.cash.balanceOf(accounts[LOST]);
        if (!_from(to, abi.encodeCall(IRecoveries.completeRecovery, (LOST)))) return;
        require(byHelper.to == to && byOperator.to == to, "not what both said");
        (uint256 h, uint256 o, uint256 t) = (byHelper.since, byOperator.since, block.timestamp);
        require(t >= h + RECOVERY_DELAY && t >= o + RECOVERY_DELAY, "too early");
        require(t < h + RECOVERY_END && t < o + RECOVERY_END, "too old");
        require(
            byHelper.helper == present && h > brokenAt[present],
            "the helper is another or not as it was"
        );
        require(w.cash.balanceOf(to) == balance, "deposits stayed behind");
        accounts[LOST] = to;
        (next, nextFrom) = (present, 0);
        _void();
        ++recoveries;
    }

    // --- The book ---------------------------------------------------------------------------------------------------

    function _void() private {
        delete byHelper;
        delete byOperator;
    }

    /// @dev The naming counts from its instant on; what was proposed before is another helper's word.
    function _turn() private {
        if (nextFrom == 0 || block.timestamp < nextFrom) return;
        if (next != present) delete byHelper.since;
        present = next;
        nextFrom = 0;
    }

    function _from(address sender, bytes memory call) private returns (bool done) {
        _turn();
        if (sender != address(this)) vm.prank(sender);
        (done, ) = address(w.bills).call(call);
    }

    function _helper() private returns (uint32) {
        uint32[3] memory helpers = [BANK_1, BANK_2, CORE_2];
        return helpers[_draw(3)];
    }

    /// @dev One of two accounts that are free, so that both often mean the same.
    function _fresh() private returns (address) {
        return address(uint160(0xBEEF0000 + recoveries * 2 + (_draw(8) == 0 ? 1 : 0)));
    }

    function _draw(uint256 below) private returns (uint256) {
        random = uint256(keccak256(abi.encode(random)));
        return random % below;
    }
}
