/** What the state machine is about, with every value known. */
export interface PauseNoticeSettings {
  /** `aws`, `aws-cn`, `aws-us-gov`: the integrations have it in their names. */
  readonly partition: string;
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  /** Container whose image is told. */
  readonly container: string;
  /** ECR repository whose tags name commits. @default - nobody here may ask for the tags: the image is told */
  readonly repository?: { readonly registryId: string; readonly repositoryName: string } | undefined;
  readonly topicArn: string;
  /** What is told whatever can be looked up. */
  readonly told: PauseTold;
}

/** What is known of a pause before it happens. */
export interface PauseTold {
  readonly title: string;
  /** Where the new version can be tried; may be empty. */
  readonly tried: string;
  /** Until when it waits at which stage, in minutes. */
  readonly until: string;
  /** Commands that look the waiting hook up by themselves. */
  readonly goOn: string;
  readonly takeBack: string;
}

/** A moment's trouble passes; a person who waits for the message should not wait for long. */
const LOOK_AGAIN = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }];
const TELL_AGAIN = [
  // Five minutes on, the same answers make no other message: what was known before is told at once.
  { ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 0 },
  { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 },
];

/**
 * Amazon States Language, SDK integrations only: looks up which deployment waits until when, what it brings and what it
 * replaces, and tells the topic. What cannot be looked up is left out, and said; the message goes out whatever fails.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function pauseNoticeDefinition(settings: PauseNoticeSettings): object {
  return {
    Comment: `Tells what waits for a person in a deployment of ${settings.service}`,
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    States: {
      Begin: { Type: "Pass", Assign: NOTHING_KNOWN, Next: "FindDeployment" },
      ...findDeployment(settings),
      ...lookAtRevisions(settings),
      ...findCommits(settings),
      ...tell(settings),
    },
  };
}

/** What is not looked up is empty: a variable that has no value would be an error. */
const NOTHING_KNOWN = {
  deployment: "",
  hookId: "",
  expiresAt: "",
  timeoutAction: "",
  stage: "",
  target: "",
  source: "",
  image: "",
  imageBefore: "",
  taskDefinition: "",
  taskDefinitionBefore: "",
  tags: [],
  tagsBefore: [],
};

/** The deployment that runs, its hook that waits, and the revisions that it goes between. */
function findDeployment({ partition, cluster, service }: PauseNoticeSettings) {
  return {
    FindDeployment: look(partition, "ecs:listServiceDeployments", "Tell", {
      Arguments: { Cluster: cluster, Service: service, Status: ["IN_PROGRESS"] },
      // AWS promises no order. What is missing becomes an empty text by `&`.
      Assign: { deployment: query("($states.result.ServiceDeployments^(>CreatedAt))[0].ServiceDeploymentArn & ''") },
      Next: "IsItThere",
    }),
    IsItThere: {
      Type: "Choice",
      Choices: [{ Condition: query("$deployment != ''"), Next: "LookAtDeployment" }],
      Default: "Tell",
    },
    LookAtDeployment: look(partition, "ecs:describeServiceDeployments", "Tell", {
      Arguments: { ServiceDeploymentArns: [query("$deployment")] },
      Assign: {
        hookId: query(`${WAITING_HOOK}.HookId & ''`),
        expiresAt: query(`${WAITING_HOOK}.ExpiresAt & ''`),
        timeoutAction: query(`${WAITING_HOOK}.TimeoutAction & ''`),
        stage: query(`${DEPLOYMENT}.LifecycleStage & ''`),
        target: query(`${DEPLOYMENT}.TargetServiceRevision.Arn & ''`),
        // There are several where a deployment took the place of another one; most tasks are of the one that serves.
        source: query(`(${DEPLOYMENT}.SourceServiceRevisions^(>RunningTaskCount))[0].Arn & ''`),
      },
      Next: "IsItKnown",
    }),
    IsItKnown: {
      Type: "Choice",
      Choices: [{ Condition: query("$target != ''"), Next: "LookAtRevisions" }],
      Default: "Tell",
    },
  };
}

const DEPLOYMENT = "$states.result.ServiceDeployments[0]";
const WAITING_HOOK = `(${DEPLOYMENT}.LifecycleHookDetails[Status = 'AWAITING_ACTION'])[0]`;

/** The images and task definitions of both revisions. */
function lookAtRevisions({ partition, container, repository }: PauseNoticeSettings) {
  const of = (revision: string) => `$states.result.ServiceRevisions[ServiceRevisionArn = ${revision}][0]`;
  const image = (revision: string) =>
    query(`(${of(revision)}.ContainerImages[ContainerName = ${literal(container)}])[0].Image & ''`);
  const taskDefinition = (revision: string) => query(`$split(${of(revision)}.TaskDefinition, '/')[-1] & ''`);
  return {
    LookAtRevisions: look(partition, "ecs:describeServiceRevisions", "Tell", {
      Arguments: { ServiceRevisionArns: query("$append([$target], $source = '' ? [] : [$source])") },
      Assign: {
        image: image("$target"),
        imageBefore: image("$source"),
        taskDefinition: taskDefinition("$target"),
        taskDefinitionBefore: taskDefinition("$source"),
      },
      Next: repository ? "IsItByDigest" : "Tell",
    }),
  };
}

/** The tags that name the commits. Asked for one by one: ECR gives nothing where one of two images has expired. */
function findCommits({ partition, repository }: PauseNoticeSettings) {
  if (!repository) return {};
  const { registryId, repositoryName } = repository;
  const ask = (image: string) => ({
    RegistryId: registryId,
    RepositoryName: repositoryName,
    ImageIds: [{ ImageDigest: query(`$substringAfter(${image}, '@')`) }],
  });
  const tags = query("[$states.result.ImageDetails[0].ImageTags]");
  return {
    IsItByDigest: {
      Type: "Choice",
      Choices: [{ Condition: query("$contains($image, '@')"), Next: "FindCommit" }],
      Default: "IsTheOldOneByDigest",
    },
    FindCommit: look(partition, "ecr:describeImages", "IsTheOldOneByDigest", {
      Arguments: ask("$image"),
      Assign: { tags },
      Next: "IsTheOldOneByDigest",
    }),
    IsTheOldOneByDigest: {
      Type: "Choice",
      Choices: [
        { Condition: query("$contains($imageBefore, '@') and $imageBefore != $image"), Next: "FindCommitBefore" },
      ],
      Default: "Tell",
    },
    FindCommitBefore: look(partition, "ecr:describeImages", "Tell", {
      Arguments: ask("$imageBefore"),
      Assign: { tagsBefore: tags },
      Next: "Tell",
    }),
  };
}

/** What is found, and where even that fails, what was known before. */
function tell({ partition, region, topicArn, told }: PauseNoticeSettings) {
  const publish = (message: string) => ({
    Type: "Task",
    Resource: `arn:${partition}:states:::aws-sdk:sns:publish`,
    Arguments: { TopicArn: topicArn, Message: message },
    Retry: TELL_AGAIN,
    End: true,
  });
  const { title, tried, until, goOn, takeBack } = told;
  const rest = `${until} ${LOOK} Go on: ${goOn} -- Take it back: ${takeBack}`;
  const plain = `${UNKNOWN} ${tried === "" ? "" : `${tried} `}${rest}`;
  return {
    Tell: {
      ...publish(query(messageOf(region, told))),
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "TellWhatWasKnown" }],
    },
    TellWhatWasKnown: publish(
      JSON.stringify({
        version: "1.0",
        source: "custom",
        content: { textType: "client-markdown", title, description: plain },
      }),
    ),
  };
}

const LOOK = "What waits, and its events: npm run status.";
const UNKNOWN = "What ships could not be looked up.";

/**
 * The message as an expression. Tags of deliveries and releases end in the commit; a source without commits has a revision
 * of its own as its tag, and an image of another registry none that is known.
 */
function messageOf(region: string, { title, tried, until, goOn, takeBack }: PauseTold): string {
  const answer = (action: string, lookUp: string) =>
    `($hookId = '' ? ${literal(lookUp)} : ` +
    `'aws ecs continue-service-deployment --region ${region} --service-deployment-arn ' & $deployment & ' --action ${action} --hook-id ' & $hookId)`;
  return `(
  $all := function($image, $tags) {
    $append($tags[$not($contains($, /^released-/))], $contains($image, '@') ? [] : $split($image, ':')[-1])
  };
  $sha := function($image, $tags) {
    $match($all($image, $tags)[$contains($, /(^|[^0-9a-f])[0-9a-f]{40}$/)][0], /[0-9a-f]{40}$/).match & ''
  };
  $named := function($image, $tags) {(
    $commit := $sha($image, $tags);
    $names := $tags[$not($contains($, /^released-/))];
    $digest := $contains($image, '@') ? ' (' & $substring($substringAfter($image, '@'), 0, 19) & ')' : '';
    $commit != '' ? 'commit ' & $commit & $digest :
      $count($names) > 0 ? $join($names, ', ') & $digest : 'image ' & $image
  )};
  $new := $sha($image, $tags);
  $old := $sha($imageBefore, $tagsBefore);
  $description := $join([
    $image = '' ? ${literal(UNKNOWN)} :
      $image = $imageBefore ? 'The image stays as it is, ' & $named($image, $tags) & ': settings alone may change.' :
      'Ships ' & $named($image, $tags) &
        ($imageBefore = '' ? '.' : ', in the place of ' & $named($imageBefore, $tagsBefore) & '.'),
    $new != '' and $old != '' and $new != $old ? 'What changed: git log --oneline ' & $old & '..' & $new & '.' : '',
    $taskDefinition = '' ? '' : 'Task definition ' & $taskDefinition &
      ($taskDefinitionBefore = '' ? '.' : ' in the place of ' & $taskDefinitionBefore & '.'),
    ${literal(tried)},
    $expiresAt = '' ? ${literal(until)} :
      'It waits' & ($stage = '' ? '' : ' at ' & $stage) & ' until ' & $expiresAt & ', then it ' &
        ($timeoutAction = 'CONTINUE' ? 'goes on by itself.' : 'is taken back.'),
    ${literal(LOOK)},
    'Go on: ' & ${answer("CONTINUE", goOn)} & ' -- Take it back: ' & ${answer("ROLLBACK", takeBack)}
  ][$ != ''], ' ');
  $string({
    'version': '1.0',
    'source': 'custom',
    'content': { 'textType': 'client-markdown', 'title': ${literal(title)}, 'description': $description }
  })
)`;
}

/** A text as JSONata writes it: as JSON does. */
function literal(text: string): string {
  return JSON.stringify(text);
}

function query(expression: string): string {
  return `{% ${expression} %}`;
}

/** A call that may fail: then the machine goes on to where less is told. */
function look(
  partition: string,
  call: string,
  otherwise: string,
  rest: { readonly Arguments: object; readonly Assign: object; readonly Next: string },
) {
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::aws-sdk:${call}`,
    Arguments: rest.Arguments,
    Assign: rest.Assign,
    Retry: LOOK_AGAIN,
    Catch: [{ ErrorEquals: ["States.ALL"], Next: otherwise }],
    Next: rest.Next,
  };
}
