// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC721 as SoladyERC721} from "solady/src/tokens/ERC721.sol";

// The libraries as they are, with a mint that anybody may call. None asks who its holders are.

contract Cash is ERC20("Cash", "C") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

contract OpenZeppelin721 is ERC721("Paper", "P") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}

contract OpenZeppelin1155 is ERC1155("") {
    function mint(address to, uint256 id, uint256 amount) external {
        _mint(to, id, amount, "");
    }
}

contract Solady721 is SoladyERC721 {
    function name() public pure override returns (string memory) {
        return "Paper";
    }

    function symbol() public pure override returns (string memory) {
        return "P";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}
