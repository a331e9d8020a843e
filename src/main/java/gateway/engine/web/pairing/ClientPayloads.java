package gateway.engine.web.pairing;

import java.nio.ByteBuffer;

import com.google.protobuf.ByteString;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.proto.NoiseProto.AppVersion;
import gateway.engine.web.proto.NoiseProto.ClientPayload;
import gateway.engine.web.proto.NoiseProto.ClientPayload.ConnectReason;
import gateway.engine.web.proto.NoiseProto.ClientPayload.ConnectType;
import gateway.engine.web.proto.NoiseProto.ClientPayload.DevicePairingRegistrationData;
import gateway.engine.web.proto.NoiseProto.ClientPayload.UserAgent;
import gateway.engine.web.proto.NoiseProto.ClientPayload.WebInfo;
import gateway.engine.web.proto.PairingProto.DeviceProps;
import gateway.engine.web.proto.PairingProto.DeviceProps.HistorySyncConfig;
import gateway.engine.web.signal.CurvePublic;

/** The payload inside the handshake's last message: it asks to register a new device, or logs a paired one in. */
public final class ClientPayloads {
    private static final String UNKNOWN_NETWORK = "000";
    private static final String SYSTEM_VERSION = "0.1";
    private static final int STORAGE_QUOTA_MB = 10_240;

    private ClientPayloads() {}

    /** The payload of a device that is not paired yet. */
    public static ClientPayload registration(ClientProfile profile, DeviceCredentials credentials) {
        DeviceCredentials.SignedPreKey preKey = credentials.signedPreKey();
        return registration(
                profile,
                credentials.registrationId(),
                credentials.identity().known(),
                preKey.id(),
                preKey.pair().known(),
                preKey.signature());
    }

    static ClientPayload registration(
            ClientProfile profile,
            int registrationId,
            CurvePublic identity,
            int preKeyId,
            CurvePublic preKey,
            byte[] signature) {
        return common(profile)
                .setPassive(false)
                .setPull(false)
                .setDevicePairingData(DevicePairingRegistrationData.newBuilder()
                        .setERegid(number(registrationId, 4))
                        .setEKeytype(ByteString.copyFrom(new byte[] {5}))
                        .setEIdent(ByteString.copyFrom(identity.raw()))
                        .setESkeyId(number(preKeyId, 3))
                        .setESkeyVal(ByteString.copyFrom(preKey.raw()))
                        .setESkeySig(ByteString.copyFrom(signature))
                        .setBuildHash(ByteString.copyFrom(profile.version().buildHash()))
                        .setDeviceProps(deviceProps(profile).toByteString()))
                .build();
    }

    /**
     * The payload of a paired device.
     *
     * @param jid         the own number with this device
     * @param lidMigrated whether sessions are kept by LID
     */
    public static ClientPayload login(ClientProfile profile, DeviceJid jid, boolean lidMigrated) {
        return common(profile)
                .setPassive(true)
                .setPull(true)
                .setUsername(Long.parseUnsignedLong(jid.user()))
                .setDevice(jid.device())
                .setLidDbMigrated(lidMigrated)
                .build();
    }

    private static ClientPayload.Builder common(ClientProfile profile) {
        ClientVersion version = profile.version();
        return ClientPayload.newBuilder()
                .setUserAgent(UserAgent.newBuilder()
                        .setPlatform(UserAgent.Platform.WEB)
                        .setAppVersion(AppVersion.newBuilder()
                                .setPrimary(version.primary())
                                .setSecondary(version.secondary())
                                .setTertiary(version.tertiary()))
                        .setMcc(UNKNOWN_NETWORK)
                        .setMnc(UNKNOWN_NETWORK)
                        .setOsVersion(SYSTEM_VERSION)
                        .setDevice("Desktop")
                        .setOsBuildNumber(SYSTEM_VERSION)
                        .setReleaseChannel(UserAgent.ReleaseChannel.RELEASE)
                        .setLocaleLanguageIso6391("en")
                        .setLocaleCountryIso31661Alpha2(profile.country()))
                .setWebInfo(WebInfo.newBuilder().setWebSubPlatform(profile.webSubPlatform()))
                .setConnectType(ConnectType.WIFI_UNKNOWN)
                .setConnectReason(ConnectReason.USER_ACTIVATED);
    }

    static DeviceProps deviceProps(ClientProfile profile) {
        return DeviceProps.newBuilder()
                .setOs(profile.os())
                .setVersion(
                        AppVersion.newBuilder().setPrimary(10).setSecondary(15).setTertiary(7))
                .setPlatformType(profile.platformType())
                .setRequireFullSync(profile.fullHistory())
                .setHistorySyncConfig(HistorySyncConfig.newBuilder()
                        .setStorageQuotaMb(STORAGE_QUOTA_MB)
                        .setInlineInitialPayloadInE2EeMsg(true)
                        .setSupportCallLogHistory(false)
                        .setSupportBotUserAgentChatHistory(true)
                        .setSupportCagReactionsAndPolls(true)
                        .setSupportBizHostedMsg(true)
                        .setSupportRecentSyncChunkMessageCountTuning(true)
                        .setSupportHostedGroupMsg(true)
                        .setSupportFbidBotChatHistory(true)
                        .setSupportMessageAssociation(true)
                        .setSupportGroupHistory(false))
                .build();
    }

    private static ByteString number(int value, int bytes) {
        byte[] whole = ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        return ByteString.copyFrom(whole, Integer.BYTES - bytes, bytes);
    }
}
