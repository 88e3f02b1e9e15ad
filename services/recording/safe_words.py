"""What may stay in a recording: Microsoft's own names and words, each listed. Everything else is replaced.

A field that is missing here costs its name in a recording; a word too many could cost somebody their secret."""

_FIELDS = """
value error code message details target innererror innerError internalexception type stacktrace date request-id
client-request-id ErrorRecords Message error_description AccessControlType AccessRights AccountDisabled
ActionWhenThresholdReached AdminDisplayName Alias AutoForwardingMode BccSuspiciousOutboundAdditionalRecipients
BccSuspiciousOutboundMail ChangedDatetime CmdletInput CmdletName Comments ConfigurationType ConnectorId
CreatedDatetime Default DeleteMessage DeliverToMailboxAndForward Description DisplayName DistinguishedName DomainName
DomainType EmailAddresses Enabled ExceptIfFrom ExceptIfFromMemberOf ExceptIfSenderDomainIs ExchangeObjectId
ExternalDirectoryObjectId ForwardAsAttachmentTo ForwardTo ForwardingAddress ForwardingSmtpAddress From FromMemberOf
GrantSendOnBehalfTo Guid HostedOutboundSpamFilterPolicy Id Identity IdentityType IncludeHidden IsDefault IsDirSynced
IsHidden IsInherited IsValid Mailbox MailboxOwnerId MarkAsRead MoveToFolder Name NotifyOutboundSpam
NotifyOutboundSpamRecipients ObjectState OrganizationId Parameters PrimarySmtpAddress Priority Reason
RecipientLimitExternalPerHour RecipientLimitInternalPerHour RecipientLimitPerDay RecipientLimits RecipientType
RecipientTypeDetails RecommendedPolicyType RedirectTo ResultSize RuleIdentity SenderAddress SenderDomainIs
SoftDeleteMessage State StopProcessingRules SubjectContainsWords SupportedByTask TemporaryBlock Trustee
UserPrincipalName WhenChanged WhenChangedUTC WhenCreated WhenCreatedUTC WindowsLiveID accountEnabled activity
activityDateTime activityDisplayName additionalDetails app appDisplayName appId appliesTo assignmentType
authenticationType businessPhones category city clientAppUsed conditionalAccessStatus correlationId countryOrRegion
createdDateTime detectedDateTime detectionTimingType deviceDetail deviceTag directoryScopeId displayName endDateTime
errorCode failureReason fromIP geoCoordinates id initiatedBy ipAddress isAdmin isCompliant isDeleted isInteractive
isManaged isMfaCapable isMfaRegistered isPasswordlessCapable isProcessing isSsprCapable isSsprEnabled isSsprRegistered
isSystemPreferredAuthenticationMethodEnabled key lastPasswordChangeDateTime lastUpdatedDateTime latitude location
loggedByService longitude mail manager memberType messageId methodsRegistered mobilePhone modifiedProperties newValue
oldValue onPremisesSyncEnabled operatingSystem operationType password phoneAppVersion phoneNumber phoneType
principalId proxyAddresses receivedDateTime recipientAddress requestId resourceDisplayName result resultReason
riskDetail riskEventType riskLastUpdatedDateTime riskLevel riskLevelAggregated riskLevelDuringSignIn riskState
roleDefinitionId roleTemplateId senderAddress servicePrincipalId signInSessionsValidFromDateTime size smsSignInState
source startDateTime state status subject systemPreferredAuthenticationMethods targetResources toIP tokenIssuerType
user userDisplayName userId userPreferredMethodForSecondaryAuthentication userPrincipalName userType additionalInfo
browser name
"""

_VALUES = """
true false none high medium low hidden atRisk remediated dismissed confirmedSafe confirmedCompromised
unknownFutureValue success failure timeout member guest managed federated authoritative internalRelay externalRelay
automatic on off blockUser blockUserForToday alert enabled disabled default custom unchanged userMailbox sharedMailbox
roomMailbox equipmentMailbox mailUser remoteUserMailbox guestMailUser mailContact mailUniversalSecurityGroup
mailUniversalDistributionGroup mailNonUniversalGroup dynamicDistributionGroup groupMailbox sendAs allow deny
fullAccess direct activated assigned inherited microsoftAuthenticatorPush microsoftAuthenticatorPasswordless
softwareOneTimePasscode hardwareOneTimePasscode mobilePhone alternateMobilePhone officePhone email fido2SecurityKey
windowsHelloForBusiness passKeyDeviceBound passKeyDeviceBoundAuthenticator push oath voiceMobile voiceAlternateMobile
voiceOffice sms mobile alternateMobile office gettingStatus pending failed delivered expanded quarantined
filteredAsSpam suspiciousSendingPatterns leakedCredentials passwordSpray attackerinTheMiddle anomalousToken
mcasImpossibleTravel unlikelyTravel suspiciousInboxForwarding mcasSuspiciousInboxManipulationRules newCountry
anonymizedIPAddress maliciousIPAddress unfamiliarFeatures investigationsThreatIntelligence generic realtime
nearRealtime offline signin user servicePrincipal userManagement applicationManagement update add delete assign client
badRequest notFound forbidden unauthorized tooManyRequests tokenNotFound invalidAuthenticationToken
request_ResourceNotFound request_UnsupportedQuery authorization_RequestDenied aadPremiumLicenseRequired
authentication_RequestFromNonPremiumTenantOrB2CTenant unknownError serviceNotAvailable internalServerError
cmdletAccessDeniedException gzip deflate identity return=minimal 0 1
"""

_WORDS = """
a able about access account accounts action active add added administrator after again all already also an and any app
application are argument at authentication available b2c be because been before bind broker but by cannot change
changed clause cmdlet collection complete concurrent consent constraint contact continue could couldn't current
delegated delete deleted denied deprecated directory disabled do does doesn't don't duplicate e-mail empty enabled
enough entity error exception exceeded execute executing exist exists expired failed feature field filter find for
forbidden format found from function given grant group has have if in info input insufficient internal invalid is
isn't it its left less license licensed limit list mailbox management maximum method methods microsoft missing more
must name named neither no nor not null number object objects of on one only operation operations or organization page
pagination parameter parameters parse password per perform performed permission permissions please policy premium
present principal-less privileges process property provided queried query reached reason recipient recipients
reference-property refused register registered request requested requests required reset resource response result
results retry role rule running scope security segment self-service sender server service session set size skip sorry
specified spam such support supported syntax tenant than that the there this throttled time to token too
transformation try type unable unblock unblocked unexpected unknown unsupported update used user users valid value
values version wait was were with wrong you your admin self core successfully completed authorized microsoft365
exchange online office outbound mail message messages messagetrace messagetraceid last percent hours today
"""

_REASON = """
OutboundSpamLast24Hours OutboundMailLast24Hours OutboundSpamPercent MessagetraceId EmailSendingLimitExceeded
InternalRecipientCountToday ExternalRecipientCountToday ExceedingLimitType Internal External LastMessageRcptCount
RecipientRateLimitExceeded RecipientCountLast24Hours RcptRateLimit AS CIP Last Spam Message
"""

_PATHS = """
v1.0 beta users authentication methods requirements reports authenticationMethods userRegistrationDetails auditLogs
directoryAudits signIns identityProtection riskyUsers riskDetections groups transitiveMembers transitiveMemberOf
microsoft.graph.user microsoft.graph.directoryRole domains identityGovernance privilegedAccess group
eligibilityScheduleInstances admin exchange tracing messageTraces roleManagement directory roleAssignments
roleAssignmentScheduleInstances transitiveRoleAssignments oauth2PermissionGrants adminapi InvokeCommand $filter
$select $expand $top $count $skiptoken $metadata $entity filter select expand top count skiptoken metadata any eq ge
le and or t http https smtp sip x500 spo ex o ou cn dc System DateTime Guid String Int32 UInt32 Int64 Boolean
Collection GenericHashTable Exchange Graph Edm application json text plain html charset utf-8 xml body head title p h1
h2 br center hr Get-BlockedSenderAddress Get-BlockedConnector Get-Mailbox Get-Recipient Get-RecipientPermission
Get-InboxRule Get-AcceptedDomain ObservedValue Threshold Verdict EnforcementEnabled
Get-HostedOutboundSpamFilterPolicy Get-HostedOutboundSpamFilterRule
Get-CompromisedUserAggregateReport Get-ManagementRoleEntry Get-LimitsEnforcementStatus nt authority
"""

_HOSTS = """
graph.microsoft.com graph.microsoft.us dod-graph.microsoft.us microsoftgraph.chinacloudapi.cn outlook.office365.com
outlook.office365.us outlook-dod.office365.us outlook.office365.cn partner.outlook.cn login.microsoftonline.com
"""

_NUMBERS = """
$top errorCode Priority RecipientLimitExternalPerHour RecipientLimitInternalPerHour RecipientLimitPerDay retry-after
rate-limit-limit rate-limit-remaining
"""
_STRUCTURE = """
smtp sip x500 spo ex o ou cn dc nt authority self default
"""

FIELDS = frozenset(_FIELDS.split())
"""Names of fields, exactly as they are written."""
VALUES = frozenset(
    {
        *(word.casefold() for word in _VALUES.split()),
        *("junk e-mail rule", "office 365 exchange online", "core directory", "self-service password management"),
    }
)
"""Texts that may stand alone in a field, without regard to case."""
TEXT_FIELDS = frozenset(
    {
        *("message", "Message", "code", "Reason", "resultReason", "failureReason", "activityDisplayName"),
        *("loggedByService", "category", "error_description", "warnings", "errors", "context", "nextLink", "type"),
    }
)
"""Fields that hold words of Microsoft's, among others."""
WORDS = frozenset(word.casefold() for word in f"{_WORDS} {_REASON} {_PATHS} {_VALUES} {_FIELDS}".split())
"""Words that may stay in Microsoft's own texts, without regard to case."""
REASONS = frozenset(word.casefold() for word in _REASON.split())
"""Words of a restriction's reason; a number after one of them is a count."""
STRUCTURE = frozenset(_STRUCTURE.split())
"""Words that may stay in any text: they say how it is to be read."""
HOSTS = frozenset(_HOSTS.split())
NUMBERS = frozenset(_NUMBERS.split())
"""Fields whose numbers say nothing of anybody."""
HEADERS = frozenset(
    {
        *("content-type", "content-encoding", "retry-after", "x-exceptiontype", "preference-applied"),
        *("rate-limit-limit", "rate-limit-remaining", "rate-limit-reset"),
    }
)
GUIDS = frozenset(
    {
        "28c10230-6103-485e-b985-444c60001490",  # a password, among the sign-in methods
        "3179e48a-750b-4051-897c-87b9720928f7",  # a mobile telephone
        "b6332ec1-7057-4abe-9331-3d72feddfe41",  # another one
        "e37fc753-ff3b-4958-9484-eaa9425c82bc",  # a telephone at work
    }
)
"""Constant ids: https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod"""
