// Sendwell on Azure: Container Apps with PostgreSQL, a managed identity and Key Vault, logs in a workspace, and the bot
// registration with its Teams channel. az deployment group create -g GROUP -f deploy/azure/main.bicep -p ...
// What Graph and Exchange let the managed identity do is given to it afterwards: docs/by-hand.md.

@description('The image, from a registry that the managed identity may pull from, such as registry.azurecr.io/sendwell:1.0.0.')
param image string

@description('Entra group whose members may decide.')
param approversGroupId string

@description('Further settings, by name; see .env.example.')
param settings object = {}

@secure()
@minLength(16)
@description('Of the database\'s administrator, who owns the tables.')
param databasePassword string

param location string = resourceGroup().location

@description('The beginning of every name.')
@maxLength(12)
param prefix string = 'sendwell'

var suffix = uniqueString(resourceGroup().id)
var databaseName = 'sendwell'
var given = [for setting in items(settings): {
  name: setting.key
  value: string(setting.value)
}]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-bot'
  location: location
}

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${prefix}-logs'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${prefix}-${suffix}'
  location: location
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    version: '17'
    administratorLogin: 'sendwell'
    administratorLoginPassword: databasePassword
    storage: { storageSizeGB: 32 }
    backup: { backupRetentionDays: 14 }
  }

  resource tables 'databases' = {
    name: databaseName
  }

  // Container Apps leave through addresses of Azure; PostgreSQL asks for TLS and the password.
  resource fromAzure 'firewallRules' = {
    name: 'azure'
    properties: {
      startIpAddress: '0.0.0.0'
      endIpAddress: '0.0.0.0'
    }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('${prefix}-${suffix}', 24)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: true
  }

  resource url 'secrets' = {
    name: 'database-url'
    properties: {
      value: 'postgresql+psycopg://sendwell:${uriComponent(databasePassword)}@${database.properties.fullyQualifiedDomainName}/${databaseName}?sslmode=require'
    }
  }
}

// Key Vault Secrets User
var readsSecrets = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, readsSecrets)
  scope: vault
  properties: {
    roleDefinitionId: readsSecrets
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${prefix}-apps'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: prefix
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  dependsOn: [mayRead]
  properties: {
    environmentId: environment.id
    configuration: {
      ingress: {
        external: true
        targetPort: 3978
        allowInsecure: false
      }
      registries: [
        {
          server: split(image, '/')[0]
          identity: identity.id
        }
      ]
      secrets: [
        {
          name: 'database-url'
          keyVaultUrl: vault::url.properties.secretUri
          identity: identity.id
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 40
      // At least two, so that one that is replaced leaves one; tasks run in all of them.
      scale: {
        minReplicas: 2
        maxReplicas: 3
      }
      containers: [
        {
          name: 'bot'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: concat(given, [
            { name: 'MicrosoftAppId', value: identity.properties.clientId }
            { name: 'MicrosoftAppTenantId', value: tenant().tenantId }
            { name: 'MicrosoftAppType', value: 'UserAssignedMSI' }
            { name: 'SENDWELL_APPROVERS_GROUP_ID', value: approversGroupId }
            { name: 'SENDWELL_DATABASE_URL', secretRef: 'database-url' }
          ])
          probes: [
            {
              type: 'Liveness'
              httpGet: { path: '/healthz', port: 3978 }
              periodSeconds: 30
            }
            {
              type: 'Readiness'
              httpGet: { path: '/readyz', port: 3978 }
              periodSeconds: 10
            }
          ]
        }
      ]
    }
  }
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: '${prefix}-${suffix}'
  location: 'global'
  kind: 'azurebot'
  sku: { name: 'F0' }
  properties: {
    displayName: 'Sendwell'
    endpoint: 'https://${app.properties.configuration.ingress.fqdn}/api/messages'
    msaAppId: identity.properties.clientId
    msaAppType: 'UserAssignedMSI'
    msaAppMSIResourceId: identity.id
    msaAppTenantId: tenant().tenantId
  }

  resource teams 'channels' = {
    name: 'MsTeamsChannel'
    location: 'global'
    properties: { channelName: 'MsTeamsChannel' }
  }
}

output endpoint string = bot.properties.endpoint
output appId string = identity.properties.clientId
@description('The object id that Exchange\'s New-ServicePrincipal and Graph\'s role assignments want.')
output objectId string = identity.properties.principalId
