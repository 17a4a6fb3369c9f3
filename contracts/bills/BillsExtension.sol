// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Recoveries} from "../participants/Recoveries.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {Desks} from "./Desks.sol";
import {IBillsCold} from "./IBillsCold.sol";
import {IssueEnds} from "./IssueEnds.sol";
import {OfferTimes} from "./OfferTimes.sol";
import {Views} from "./Views.sol";

/**
 * @title BillsExtension
 * @notice The cold half of the ledger: what is done seldom or only read. {Bills} passes each call here that it does not know, and
 * it runs over the ledger's storage. At its own address it holds nothing and answers only what it trusts and who governs it.
 */
contract BillsExtension is IssueEnds, OfferTimes, Desks, Views, Recoveries, Multicall {
    address private immutable _relay;
    address private immutable _timelock;
    address private immutable _orgAccountFactory;

    /// @param relay This and the others are known here alone, and only to be refused as members' accounts.
    constructor(Parts memory p, address relay, address timelock, address orgAccountFactory) BillsStorage(p) {
        (_relay, _timelock, _orgAccountFactory) = (relay, timelock, orgAccountFactory);
    }

    /// @inheritdoc IBillsCold
    /// @dev Each call goes to the ledger, which does it or passes it on.
    function multicall(
        bytes[] calldata data
    ) public override(IBillsCold, Multicall) cold returns (bytes[] memory results) {
        return super.multicall(data);
    }

    /// @dev No member acts through a contract of the platform: what came to rest there would have no owner.
    function _isSystem(address account) internal view override returns (bool) {
        return
            account == address(this) ||
            account == _self ||
            account == address(_cash) ||
            account == address(_lines) ||
            account == address(_rulebook) ||
            account == address(_ribbon) ||
            account == authority() ||
            account == _relay ||
            account == _timelock ||
            account == _orgAccountFactory ||
            _desks[ISaleDesk(account)];
    }

    /// @dev The member's deposits go with it.
    function _onMoved(address from, address to) internal override {
        _cash.carryOver(from, to);
    }
}
