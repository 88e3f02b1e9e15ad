#!/bin/sh
# The Azure Bot with its Teams channel: ./2-azure.sh APP-ID https://your-host RESOURCE-GROUP [NAME]
set -eu
app=$1 host=$2 group=$3 name=${4:-sendwell-bot}
tenant=$(az account show --query tenantId --output tsv)
az provider register --namespace Microsoft.BotService --wait
az bot create --resource-group "$group" --name "$name" --app-type SingleTenant --appid "$app" --tenant-id "$tenant" \
  --endpoint "$host/api/messages" --sku F0
az bot msteams create --resource-group "$group" --name "$name"
