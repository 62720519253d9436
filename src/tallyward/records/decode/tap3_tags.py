"""The application tags of TAP 3.12 that are read, by the names of the ASN.1 module (GSMA TD.57)."""

from enum import IntEnum

from tallyward.records.decode.ber_walk import application


class Tag(IntEnum):
    """Named as in TD.57; the value carries the application class, as `ber_walk` gives it."""

    TransferBatch = application(1)
    Notification = application(2)
    CallEventDetailList = application(3)
    BatchControlInfo = application(4)
    AccountingInfo = application(5)
    NetworkInfo = application(6)
    MessageDescriptionInfoList = application(8)
    MobileOriginatedCall = application(9)
    MobileTerminatedCall = application(10)
    SupplServiceEvent = application(11)
    ServiceCentreUsage = application(12)
    GprsCall = application(14)
    AuditControlInfo = application(15)
    LocalTimeStamp = application(16)
    ContentTransaction = application(17)
    CallOriginator = application(41)
    CallEventDetailsCount = application(43)
    CallEventStartTimeStamp = application(44)
    BearerServiceCode = application(40)
    CellId = application(59)
    ChargingTimeStamp = application(74)
    DepositTimeStamp = application(88)
    Destination = application(89)
    FileTypeIndicator = application(110)
    Imei = application(128)
    Imsi = application(129)
    LocationArea = application(136)
    Msisdn = application(152)
    ReleaseVersionNumber = application(189)
    Sender = application(196)
    SpecificationVersionNumber = application(201)
    SupplServiceUsed = application(206)
    TeleServiceCode = application(218)
    TotalCallEventDuration = application(223)
    UtcTimeOffset = application(231)
    UtcTimeOffsetCode = application(232)
    UtcTimeOffsetInfo = application(233)
    UtcTimeOffsetInfoList = application(234)
    DataVolumeIncoming = application(250)
    DataVolumeOutgoing = application(251)
    AccessPointNameNI = application(261)
    DialledDigits = application(279)
    LocationService = application(297)
    NonChargedNumber = application(402)
    CallingNumber = application(405)
    CalledNumber = application(407)
    SMSDestinationNumber = application(419)
    SMSOriginator = application(425)
    MessagingEvent = application(433)
    MobileSession = application(434)
    NonChargedPartyNumber = application(444)
    ServiceStartTimestamp = application(447)
    ReturnBatch = application(534)  # of RAP (GSMA TD.32)
    Acknowledgement = application(535)


NAMES = {int(tag): tag.name for tag in Tag}


def name_of(tag: int) -> str:
    """The name of a tag, or its class and number where it is none that is read."""
    return NAMES.get(tag, f"{'UACP'[tag >> 24]}{tag & 0xFFFFFF}")
