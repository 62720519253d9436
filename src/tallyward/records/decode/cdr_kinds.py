"""The kinds of charging records that are read, and which of their tags say what (3GPP TS 32.298 clause 5.2). Pure.

Tags and names are those of the ASN.1 modules GPRSChargingDataTypes and CSChargingDataTypes; all tags are context class.
"""

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Final, NamedTuple

from tallyward.records.schema import Service

CONTEXT: Final = 2 << 24
CONSTRUCTED: Final = 0x20


class Field(IntEnum):
    """What a tag says. Numbers are places in arrays; 0 is none."""

    TYPE = auto()
    IMSI = auto()
    MSISDN = auto()
    IMEI = auto()
    START = auto()
    DURATION = auto()
    APN = auto()
    PLMN = auto()
    RAT = auto()
    PLACE = auto()  # user location information
    AREA = auto()  # location area code
    CELL = auto()  # cell identity
    VOLUMES = auto()  # containers of traffic
    SERVICES = auto()  # containers of traffic by service: the same octets counted another way
    LOCATION = auto()  # area, cell and network in one
    NUMBER = auto()  # who called or was called
    SMS_ADDRESS = auto()
    BASIC_SERVICE = auto()
    SEIZED = auto()  # of a call that was never answered
    RELEASED = auto()


_FIELD_OF: Final = {
    "recordType": Field.TYPE,
    "servedIMSI": Field.IMSI,
    "servedMSISDN": Field.MSISDN,
    "servedIMEI": Field.IMEI,
    **dict.fromkeys(("recordOpeningTime", "answerTime", "originationTime", "deliveryTime"), Field.START),
    "eventTimeStamp": Field.START,
    **dict.fromkeys(("duration", "callDuration"), Field.DURATION),
    "accessPointNameNI": Field.APN,
    "servingNodePLMNIdentifier": Field.PLMN,
    **dict.fromkeys(("rATType", "systemType"), Field.RAT),  # 1 and 2 mean UTRAN and GERAN in both
    "userLocationInformation": Field.PLACE,
    **dict.fromkeys(("locationAreaCode", "locationArea"), Field.AREA),
    "cellIdentifier": Field.CELL,
    "listOfTrafficVolumes": Field.VOLUMES,
    "listOfServiceData": Field.SERVICES,
    "location": Field.LOCATION,
    **dict.fromkeys(("calledNumber", "callingNumber", "originatingAddress"), Field.NUMBER),
    "destinationNumber": Field.SMS_ADDRESS,
    "basicService": Field.BASIC_SERVICE,
    "seizureTime": Field.SEIZED,
    "releaseTime": Field.RELEASED,
}
UP_DOWN: Final = {Field.VOLUMES: (CONTEXT | 3, CONTEXT | 4), Field.SERVICES: (CONTEXT | 12, CONTEXT | 13)}
"""Tags of the amounts within a container: dataVolumeGPRS and datavolumeFBC, uplink and downlink."""
HOLDERS: Final = frozenset({Field.VOLUMES, Field.SERVICES, Field.LOCATION, Field.BASIC_SERVICE})
"""Fields that are constructed; all others are primitive."""


class Kind(NamedTuple):
    """One kind of record. `tags`: context tag numbers to the names of the ASN.1 module, for the fields in use."""

    name: str
    choice: int  # tag number among GPRSRecord or CSRecord
    record_type: int  # what the record says of itself: the two choices share numbers
    service: Service
    tags: Mapping[int, str]

    def fields(self) -> dict[int, Field]:
        """Tags, as `ber_walk` gives them, to fields."""
        return {CONTEXT | number: _FIELD_OF[name] for number, name in self.tags.items()}

    def name_of(self, field: Field) -> str:
        """The field's name in the ASN.1 module."""
        return next((name for name in self.tags.values() if _FIELD_OF[name] is field), field.name.lower())


def _tags(**numbers: int) -> dict[int, str]:
    return {number: name for name, number in numbers.items()}


_GATEWAY: Final = _tags(
    recordType=0,
    servedIMSI=3,
    accessPointNameNI=7,
    listOfTrafficVolumes=12,
    recordOpeningTime=13,
    duration=14,
    servedMSISDN=22,
    servingNodePLMNIdentifier=27,
    servedIMEI=29,
    rATType=30,
    userLocationInformation=32,
)
_SGSN_PDP: Final = _tags(
    recordType=0,
    servedIMSI=3,
    servedIMEI=4,
    locationAreaCode=8,
    cellIdentifier=9,
    accessPointNameNI=12,
    listOfTrafficVolumes=15,
    recordOpeningTime=16,
    duration=17,
    servedMSISDN=27,
    rATType=29,
    servingNodePLMNIdentifier=38,
)
_SGSN_SMS: Final = _tags(recordType=0, servedIMSI=1, servedIMEI=2, servedMSISDN=3, locationArea=7, cellIdentifier=9)
_SGSN_SMS_OUT: Final = _SGSN_SMS | _tags(
    eventTimeStamp=11, rATType=17, destinationNumber=18, userLocationInformation=26, servingNodePLMNIdentifier=28
)
_SGSN_SMS_IN: Final = _SGSN_SMS | _tags(
    eventTimeStamp=10, rATType=16, originatingAddress=19, userLocationInformation=25, servingNodePLMNIdentifier=27
)
_CALL: Final = _tags(recordType=0, servedIMSI=1, servedIMEI=2, servedMSISDN=3)
_CALL_OUT: Final = _CALL | _tags(
    calledNumber=5,
    location=12,
    basicService=14,
    seizureTime=22,
    answerTime=23,
    releaseTime=24,
    callDuration=25,
    systemType=61,
)
_CALL_IN: Final = _CALL | _tags(
    callingNumber=4,
    location=9,
    basicService=11,
    seizureTime=19,
    answerTime=20,
    releaseTime=21,
    callDuration=22,
    systemType=46,
)
_SMS_OUT: Final = _CALL | _tags(location=7, originationTime=9, destinationNumber=12, systemType=14)
_SMS_IN: Final = _tags(
    recordType=0, servedIMSI=2, servedIMEI=3, servedMSISDN=4, location=7, deliveryTime=8, systemType=11
)

KINDS: Final = (
    Kind("PGWRecord", 79, 85, Service.DATA, _GATEWAY | _tags(listOfServiceData=34)),
    Kind("SGWRecord", 78, 84, Service.DATA, _GATEWAY),
    Kind("SGSNPDPRecord", 20, 18, Service.DATA, _SGSN_PDP),
    Kind("SGSNSMORecord", 23, 21, Service.SMS, _SGSN_SMS_OUT),
    Kind("SGSNSMTRecord", 24, 22, Service.SMS, _SGSN_SMS_IN),
    Kind("MOCallRecord", 0, 0, Service.VOICE, _CALL_OUT),
    Kind("MTCallRecord", 1, 1, Service.VOICE, _CALL_IN),
    Kind("MOSMSRecord", 6, 6, Service.SMS, _SMS_OUT),
    Kind("MTSMSRecord", 7, 7, Service.SMS, _SMS_IN),
)
KIND_OF_TAG: Final = {CONTEXT | kind.choice: kind for kind in KINDS}
