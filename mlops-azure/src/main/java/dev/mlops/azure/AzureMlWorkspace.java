package dev.mlops.azure;

import dev.mlops.error.InvalidInputException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an Azure Machine Learning workspace. Immutable.
 *
 * @param subscriptionId the subscription
 * @param resourceGroup the resource group
 * @param name the workspace
 * @param management where Azure Resource Manager answers; an https address
 */
public record AzureMlWorkspace(
    String subscriptionId, String resourceGroup, String name, URI management) {
  /** Azure Resource Manager of the public cloud. */
  public static final URI PUBLIC_CLOUD = URI.create("https://management.azure.com");

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._()-]{0,127}");
  private static final Pattern RESOURCE_ID = Pattern.compile(
      "/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.MachineLearningServices/workspaces/([^/]+)/?",
      Pattern.CASE_INSENSITIVE);

  /** Names a workspace. */
  public AzureMlWorkspace {
    segment("subscriptionId", subscriptionId);
    segment("resourceGroup", resourceGroup);
    segment("workspace", name);
    if (!"https".equals(management.getScheme()) || management.getHost() == null) {
      throw new InvalidInputException("management must be an https address, got " + management);
    }
  }

  /**
   * Names a workspace of the public cloud.
   *
   * @param subscriptionId the subscription
   * @param resourceGroup the resource group
   * @param name the workspace
   * @return the workspace
   */
  public static AzureMlWorkspace of(String subscriptionId, String resourceGroup, String name) {
    return new AzureMlWorkspace(subscriptionId, resourceGroup, name, PUBLIC_CLOUD);
  }

  /**
   * Reads a resource id.
   *
   * @param resourceId
   *     {@code /subscriptions/…/resourceGroups/…/providers/Microsoft.MachineLearningServices/workspaces/…}
   * @return the workspace, in the public cloud
   * @throws InvalidInputException if the text is not such an id
   */
  public static AzureMlWorkspace parse(String resourceId) {
    Matcher matcher = RESOURCE_ID.matcher(resourceId);
    if (!matcher.matches()) {
      throw new InvalidInputException(
          "a workspace id looks like /subscriptions/S/resourceGroups/G/providers/"
              + "Microsoft.MachineLearningServices/workspaces/W, got '" + resourceId + "'");
    }
    return of(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  /**
   * The resource id.
   *
   * @return the path under the management address
   */
  public String resourceId() {
    return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
        + "/providers/Microsoft.MachineLearningServices/workspaces/" + name;
  }

  static String segment(String kind, String value) {
    if (!SEGMENT.matcher(value).matches()) {
      throw new InvalidInputException(kind + " must match " + SEGMENT + ", got '" + value + "'");
    }
    return value;
  }
}
