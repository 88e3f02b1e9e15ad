#Requires -Version 7.4
# Runs Exchange cmdlets for the bot with Microsoft's ExchangeOnlineManagement module. Each line of standard input is a
# JSON object, and is answered by one line on standard output:
#
#   {"id":1,"app":"…","organization":"…","environment":"…","certificate":"PEM","key":"PEM","cmdlets":["Get-…"]}
#   {"id":1,"cmdlets":["Get-…"],"module":"3.9.2","powershell":"7.4.6"}         connected; the cmdlets this app may run
#   {"id":2,"cmdlet":"Get-…","parameters":{"Identity":"=ana@…","IncludeHidden":true}}
#   {"id":2,"rows":[{"Name":"…"}],"warnings":["…"]}
#   {"id":3,"error":{"type":"…","reason":"…","id":"…","message":"…"}}          in place of either answer
#
# It ends when standard input ends. It decides nothing: what an error means is decided by who reads it.

# https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline

# Standard input is ours alone: PowerShell reads it too where a script uses the variable that holds its input.
$utf8 = [System.Text.UTF8Encoding]::new($false)
$reader = [System.IO.StreamReader]::new([Console]::OpenStandardInput(), $utf8)
$writer = [System.IO.StreamWriter]::new([Console]::OpenStandardOutput(), $utf8)
$writer.NewLine = "`n"
$writer.AutoFlush = $true
# Whatever else is written to the console goes to standard error, so that only answers are on standard output.
[Console]::SetOut([Console]::Error)

$largest = 9007199254740991  # larger whole numbers lose digits in some readers of JSON
$allowed = @()

function Send-Answer($Answer) {
    $writer.WriteLine((ConvertTo-Json -InputObject $Answer -Compress -Depth 8 -EscapeHandling EscapeNonAscii))
}

function Get-Failure($Record) {
    @{
        type    = $Record.Exception.GetType().FullName
        reason  = [string]$Record.CategoryInfo.Reason
        id      = [string]$Record.FullyQualifiedErrorId
        message = [string]$Record.Exception.Message
    }
}

# A text comes with a "=" before it, since ConvertFrom-Json makes a date of a text that looks like one.
function ConvertFrom-Given($Value) {
    if ($Value -is [string]) { return $Value.Substring(1) }
    if ($Value -is [array]) { return , @(foreach ($item in $Value) { ConvertFrom-Given $item }) }
    $Value
}

function ConvertTo-Plain($Value, [int]$Depth) {
    if ($null -eq $Value -or $Value -is [bool]) { return $Value }
    if ($Value -is [string]) { return $Value.ToString() }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) { return $Value.ToString('o') }
    if ($Value -is [int] -or ($Value -is [long] -and $Value -ge -$largest -and $Value -le $largest)) { return $Value }
    if ($Depth -gt 0) {
        if ($Value -is [System.Management.Automation.PSCustomObject]) { return ConvertTo-Row $Value ($Depth - 1) }
        if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [System.Collections.IDictionary]) {
            return , @(foreach ($item in $Value) { ConvertTo-Plain $item ($Depth - 1) })
        }
    }
    [string]$Value
}

function ConvertTo-Row($Object, [int]$Depth) {
    $row = [ordered]@{}
    foreach ($property in $Object.PSObject.Properties) {
        $row[$property.Name] = ConvertTo-Plain $property.Value $Depth
    }
    $row
}

function Connect-Organization($Hello) {
    Import-Module -Name ExchangeOnlineManagement -MinimumVersion 3.5.0 -ErrorAction Stop
    $script:allowed = @($Hello.cmdlets)
    $how = @{
        AppId                   = $Hello.app
        Organization            = $Hello.organization
        ExchangeEnvironmentName = $Hello.environment
        Certificate             = [System.Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPem(
            $Hello.certificate, $Hello.key)
        CommandName             = [string[]]$Hello.cmdlets
        ShowBanner              = $false
        SkipLoadingFormatData   = $true
        ErrorAction             = 'Stop'
    }
    $null = Connect-ExchangeOnline @how
    @{
        # Cmdlets that the app has no role for are not there.
        cmdlets    = @(foreach ($name in $allowed) { if (Get-Command -Name $name -ErrorAction Ignore) { $name } })
        module     = [string](Get-Module -Name ExchangeOnlineManagement).Version
        powershell = [string]$PSVersionTable.PSVersion
    }
}

function Invoke-Cmdlet($Call) {
    if ($Call.cmdlet -notin $allowed) { throw "$($Call.cmdlet) is not on the list of allowed cmdlets" }
    $given = @{}
    foreach ($name in $Call.parameters.Keys) { $given[$name] = ConvertFrom-Given $Call.parameters[$name] }
    # Nobody is there to confirm anything.
    $command = Get-Command -Name $Call.cmdlet -ErrorAction Stop
    if ($command.Parameters.ContainsKey('Confirm')) { $given['Confirm'] = $false }
    $warned = @()
    $found = @(& $command @given -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warned)
    @{
        rows     = @(foreach ($object in $found) { ConvertTo-Row $object 3 })
        warnings = @(foreach ($warning in $warned) { [string]$warning })
    }
}

while ($null -ne ($line = $reader.ReadLine())) {
    $id = $null
    try {
        $message = ConvertFrom-Json -InputObject $line -AsHashtable
        $id = $message['id']
        $answer = if ($message.Contains('cmdlet')) { Invoke-Cmdlet $message } else { Connect-Organization $message }
    }
    catch {
        $answer = @{ error = Get-Failure $_ }
    }
    $answer['id'] = $id
    Send-Answer $answer
}
Disconnect-ExchangeOnline -Confirm:$false -ErrorAction Ignore
