// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Cold} from "../access/Cold.sol";
import {ISaleDesk} from "../finance/ISaleDesk.sol";
import {BANK} from "../participants/IParticipants.sol";
import {Member} from "../participants/Member.sol";
import {BillsStorage} from "./BillsStorage.sol";
import {IBillsCold} from "./IBillsCold.sol";

/**
 * @title Desks
 * @notice Through which desks may be sold: governance admits them, and each bank says which may say yes for it.
 */
abstract contract Desks is IBillsCold, BillsStorage, Cold {
    /// @inheritdoc IBillsCold
    function admitDesk(ISaleDesk desk) external cold restricted {
        _desks[desk] = true;
        emit DeskAdmitted(address(desk));
    }

    /// @inheritdoc IBillsCold
    function dismissDesk(ISaleDesk desk) external cold restricted {
        _desks[desk] = false;
        emit DeskDismissed(address(desk));
    }

    /// @inheritdoc IBillsCold
    function allowDesk(ISaleDesk desk, bool allowed) external cold {
        // A bank takes its word back whatever became of its membership.
        Member bank = allowed ? _actor(msg.sender) : _behind(msg.sender);
        require(_desks[desk] || !allowed, BillsUnknownDesk(address(desk)));
        require(bank.hasRole(BANK) || !allowed, BillsNotBank(bank.number()));
        _allowedDesks[bank.number()][desk] = allowed;
        emit DeskAllowed(bank.number(), address(desk), allowed);
    }
}
