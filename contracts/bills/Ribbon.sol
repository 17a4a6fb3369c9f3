// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IBills} from "./IBills.sol";
import {BillNo, ParcelId} from "./ParcelId.sol";
import {Terms} from "./Terms.sol";

/**
 * @title Ribbon
 * @notice Draws a bill: its line `[0, face)` as a ribbon, a piece for each parcel, coloured by holder, the named parcel
 * marked. No state; the first {PIECES} parcels are drawn one by one and the rest as one grey piece.
 */
contract Ribbon {
    using Strings for uint256;

    uint256 private constant PIECES = 200;
    uint256 private constant WIDTH = 1000;

    /// @notice `data:application/json;base64,…` with name, description, image (SVG) and attributes.
    function tokenURI(IBills bills, ParcelId id) external view returns (string memory) {
        BillNo billNo = id.bill();
        Terms t = bills.terms(billNo);
        IBills.ParcelView[] memory parcels = bills.parcelsFrom(billNo, 0, PIECES);
        IBills.ParcelView memory p = bills.parcelsFrom(billNo, id.first(), 1)[0];
        string memory range = string.concat(
            (uint256(p.first) + 1).toString(),
            "-",
            uint256(p.end).toString()
        );
        string memory json = string.concat(
            '{"name":"',
            _title(billNo, range),
            '","description":"A parcel of a bill on Tallystick. The range counts minor units, both ends included.",',
            '"attributes":[',
            _attributes(t, p, range),
            '],"image":"data:image/svg+xml;base64,',
            Base64.encode(bytes(_svg(billNo, t, parcels, p, range))),
            '"}'
        );
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }

    function _title(BillNo billNo, string memory range) private pure returns (string memory) {
        return string.concat("Bill ", uint256(BillNo.unwrap(billNo)).toString(), " / ", range);
    }

    function _attributes(
        Terms t,
        IBills.ParcelView memory p,
        string memory range
    ) private pure returns (string memory) {
        return
            string.concat(
                _attribute("range", range, ","),
                _attribute("holder", uint256(p.holder).toString(), ","),
                _attribute("acceptor", uint256(t.acceptor()).toString(), ","),
                _attribute("face", uint256(t.face()).toString(), ","),
                _attribute("due", uint256(t.due()).toString(), "")
            );
    }

    function _attribute(
        string memory name,
        string memory value,
        string memory separator
    ) private pure returns (string memory) {
        return string.concat('{"trait_type":"', name, '","value":"', value, '"}', separator);
    }

    function _svg(
        BillNo billNo,
        Terms t,
        IBills.ParcelView[] memory parcels,
        IBills.ParcelView memory marked,
        string memory range
    ) private pure returns (string memory) {
        uint256 face = t.face();
        string memory pieces = _rect(0, face, face, 48, 32, "#cbd5e1");
        for (uint256 n = 0; n < parcels.length; ++n) {
            pieces = string.concat(
                pieces,
                _rect(parcels[n].first, parcels[n].end, face, 48, 32, _colour(parcels[n].holder))
            );
        }
        return
            string.concat(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 120" font-family="sans-serif" font-size="20">',
                '<text x="0" y="28">',
                _title(billNo, range),
                "</text>",
                pieces,
                _rect(marked.first, marked.end, face, 84, 6, "#0f172a"),
                '<text x="0" y="114">0</text><text x="1000" y="114" text-anchor="end">',
                face.toString(),
                "</text></svg>"
            );
    }

    /// @dev Widths in thousandths of the ribbon, in hundredths of a unit so that small pieces do not vanish.
    function _rect(
        uint256 first,
        uint256 end,
        uint256 face,
        uint256 y,
        uint256 height,
        string memory fill
    ) private pure returns (string memory) {
        uint256 from = (first * WIDTH * 100) / face;
        uint256 to = (end * WIDTH * 100) / face;
        string memory place = string.concat('<rect x="', _hundredths(from), '" y="', y.toString());
        string memory size = string.concat(
            '" width="',
            _hundredths(to - from),
            '" height="',
            height.toString()
        );
        return string.concat(place, size, '" fill="', fill, '"/>');
    }

    function _hundredths(uint256 value) private pure returns (string memory) {
        uint256 rest = value % 100;
        return string.concat((value / 100).toString(), rest < 10 ? ".0" : ".", rest.toString());
    }

    /// @dev Golden-angle hues: neighbouring member numbers get colours far apart.
    function _colour(uint32 holder) private pure returns (string memory) {
        return string.concat("hsl(", ((uint256(holder) * 137) % 360).toString(), ",55%,55%)");
    }
}
