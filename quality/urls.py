"""The routes of the pages about items and people, and of labels and people under ``/api/v1/``."""

from django.urls import path

from quality.api import decisions, known_items, manager, reports, reviews, rules
from quality.api import gold as gold_api
from quality.views import acts, appeals, exports, gold, items, me, people, person
from quality.views import reviews as review_pages
from quality.views import rules as rule_pages
from quality.views.decision_file import decisions_file

urlpatterns = [
    path("me", me.my_work, name="my-work"),
    path("me/decisions/<str:decision>/appeal", me.contest, name="contest"),
    path("p/<str:project>/appeals", appeals.appeals, name="appeals"),
    path("p/<str:project>/appeals/<str:appeal>", appeals.answer_appeal, name="answer-appeal"),
    path("p/<str:project>/items", items.items, name="items"),
    path("p/<str:project>/items/<str:item>", items.item, name="item-page"),
    path("reviews", review_pages.review_projects, name="review-projects"),
    path("p/<str:project>/reviews", review_pages.reviews, name="reviews"),
    path("p/<str:project>/gold", gold.gold, name="gold"),
    path("p/<str:project>/gold/care", gold.care, name="gold-care"),
    path("p/<str:project>/rules", rule_pages.rules, name="rules"),
    path("p/<str:project>/decisions", rule_pages.decided, name="decisions"),
    path("p/<str:project>/decisions.csv", decisions_file, name="decisions-file"),
    path("p/<str:project>/export", exports.exports, name="exports"),
    path("p/<str:project>/people", people.people, name="project-people"),
    path("p/<str:project>/people.csv", people.people_file, name="people-file"),
    path("p/<str:project>/people/<str:person>", person.person, name="person"),
    path("p/<str:project>/people/<str:person>/<str:act>", acts.person_act, name="person-act"),
    path("p/<str:project>/decisions/<str:decision>/undo", acts.undo_decision, name="undo-decision"),
]

PROJECT = "projects/<str:project>"

api_urls = [
    path(f"{PROJECT}/gold/imports", known_items.KnownItems.as_view(), name="gold-imports-api"),
    path(f"{PROJECT}/labels", manager.Labels.as_view(), name="labels-api"),
    path(f"{PROJECT}/annotators", reports.Annotators.as_view(), name="annotators-api"),
    path(f"{PROJECT}/quality", reports.Quality.as_view(), name="quality-api"),
    path(
        f"{PROJECT}/items/<str:item>/provenance",
        manager.ItemProvenance.as_view(),
        name="provenance-api",
    ),
    path(
        f"{PROJECT}/annotators/<str:annotator>",
        reports.AnnotatorReportView.as_view(),
        name="annotator-report",
    ),
    path(f"{PROJECT}/quality-policy", reviews.PolicyView.as_view(), name="quality-policy"),
    path(f"{PROJECT}/reviews", reviews.Reviews.as_view(), name="reviews-api"),
    path(f"{PROJECT}/reviews/claims", reviews.ReviewClaims.as_view(), name="review-claims"),
    path(f"{PROJECT}/gold", gold_api.Gold.as_view(), name="gold-api"),
    path(
        f"{PROJECT}/gold/suggestions", gold_api.GoldSuggestions.as_view(), name="gold-suggestions"
    ),
    path(f"{PROJECT}/gold/promotions", gold_api.GoldPromotions.as_view(), name="gold-promotions"),
    path(
        f"{PROJECT}/gold/retirements", gold_api.GoldRetirements.as_view(), name="gold-retirements"
    ),
    path(f"{PROJECT}/gold/kept", gold_api.GoldKept.as_view(), name="gold-kept"),
    path(f"{PROJECT}/rules", rules.Rules.as_view(), name="rules-api"),
    path(f"{PROJECT}/rules/dry-run", rules.RulesTried.as_view(), name="rules-tried"),
    path(f"{PROJECT}/survey", rules.SurveyView.as_view(), name="survey-api"),
    path(f"{PROJECT}/decisions", decisions.Decisions.as_view(), name="decisions-api"),
    path(
        f"{PROJECT}/decisions/<str:decision>/reversal",
        decisions.Reversal.as_view(),
        name="reversal-api",
    ),
    path(f"{PROJECT}/appeals", decisions.Appeals.as_view(), name="appeals-api"),
    path(f"{PROJECT}/appeals/<str:appeal>", decisions.AppealAnswer.as_view(), name="appeal-answer"),
    path("me/decisions", decisions.MyDecisions.as_view(), name="my-decisions"),
    path("me/appeals", decisions.MyAppeals.as_view(), name="my-appeals"),
    path(f"{PROJECT}/exports/labels", manager.LabelsExport.as_view(), name="labels-export"),
]
